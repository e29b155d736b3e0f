import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { McpAuthClientEntity } from '../client.entity.js';
import { columnName, columnOptions, metadataOf, type ColumnType } from './columns.js';

const COLUMNS: Record<string, ColumnType> = {
  registeredBy: { type: 'varchar', length: '16', isNullable: true },
  allowIntrospection: { type: 'integer', isNullable: true },
};

/** Clients that the operator registers on the command line; what exists counts as registered by itself. */
export class AddMcpAuthOperatorClients1764100000000 implements MigrationInterface {
  // TypeORM orders migrations by the number in this name; a bundler that renames classes must not change it.
  name = 'AddMcpAuthOperatorClients1764100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const metadata = metadataOf(queryRunner, McpAuthClientEntity);
    const columns = Object.entries(COLUMNS).map(
      ([property, type]) => new TableColumn(columnOptions(queryRunner, metadata, property, type)),
    );
    await queryRunner.addColumns(metadata.tablePath, columns);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const metadata = metadataOf(queryRunner, McpAuthClientEntity);
    for (const property of Object.keys(COLUMNS)) {
      await queryRunner.dropColumn(metadata.tablePath, columnName(metadata, property));
    }
  }
}
