import type { EntityMetadata, EntityTarget, ObjectLiteral, QueryRunner, TableColumnOptions } from 'typeorm';
import { unknownEntitiesError } from '../unknown-entities.error.js';

/** What a migration says about a column: types that mean the same on SQLite, PostgreSQL and MariaDB. */
export type ColumnType = Pick<TableColumnOptions, 'type' | 'length' | 'isNullable' | 'isPrimary'>;

/** The entity as the application's DataSource names it: prefix, schema and naming strategy included. */
export function metadataOf(queryRunner: QueryRunner, entity: EntityTarget<ObjectLiteral>): EntityMetadata {
  if (!queryRunner.connection.hasMetadata(entity)) {
    throw unknownEntitiesError();
  }
  return queryRunner.connection.getMetadata(entity);
}

export function columnName(metadata: EntityMetadata, property: string): string {
  const column = metadata.findColumnWithPropertyName(property);
  if (!column) throw new Error(`${metadata.name} has no column for ${property}`);
  return column.databaseName;
}

export function columnOptions(
  queryRunner: QueryRunner,
  metadata: EntityMetadata,
  property: string,
  type: ColumnType,
): TableColumnOptions {
  const isMySql = ['mysql', 'mariadb'].includes(queryRunner.connection.options.type);
  return {
    name: columnName(metadata, property),
    ...type,
    // The server's default may be latin1, and compares without regard to case.
    ...(isMySql && type.type !== 'bigint' && type.type !== 'integer'
      ? { charset: 'utf8mb4', collation: 'utf8mb4_bin' }
      : {}),
  };
}
