import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { McpAuthGrantEntity } from '../grant.entity.js';
import { columnName, metadataOf } from './columns.js';

const FORMER = ['codeExpiresAt'];
const PRESENT = ['codeRedeemedAt', 'codeExpiresAt'];

/**
 * Cleanup looks for codes that expired unredeemed. By expiry alone that was nearly every grant there is, since the code of
 * a living one has expired long ago.
 */
export class IndexMcpAuthUnredeemedGrants1764200000000 implements MigrationInterface {
  // TypeORM orders migrations by the number in this name; a bundler that renames classes must not change it.
  name = 'IndexMcpAuthUnredeemedGrants1764200000000';

  up(queryRunner: QueryRunner): Promise<void> {
    return replaceIndex(queryRunner, FORMER, PRESENT);
  }

  down(queryRunner: QueryRunner): Promise<void> {
    return replaceIndex(queryRunner, PRESENT, FORMER);
  }
}

/** By entity property: the names in the database follow the application's naming strategy. */
async function replaceIndex(queryRunner: QueryRunner, from: string[], to: string[]): Promise<void> {
  const metadata = metadataOf(queryRunner, McpAuthGrantEntity);
  const columns = (properties: string[]): string[] =>
    properties.map((property) => columnName(metadata, property));
  await queryRunner.createIndex(metadata.tablePath, new TableIndex({ columnNames: columns(to) }));
  const table = await queryRunner.getTable(metadata.tablePath);
  const former = table?.indices.find(({ columnNames }) => columnNames.join() === columns(from).join());
  if (former) await queryRunner.dropIndex(metadata.tablePath, former);
}
