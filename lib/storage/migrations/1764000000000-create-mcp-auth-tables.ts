import {
  Table,
  TableIndex,
  type EntityTarget,
  type MigrationInterface,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm';
import { McpAuthClientEntity } from '../client.entity.js';
import { McpAuthGrantEntity } from '../grant.entity.js';
import { McpAuthLeaseEntity } from '../lease.entity.js';
import { McpAuthRevocationEntity } from '../revocation.entity.js';
import { columnName, columnOptions, metadataOf, type ColumnType } from './columns.js';

interface TableDefinition {
  entity: EntityTarget<ObjectLiteral>;
  /** By entity property: the names in the database follow the application's naming strategy. */
  columns: Record<string, ColumnType>;
  indexes: string[];
}

const text: ColumnType = { type: 'text' };
const textOrNull: ColumnType = { type: 'text', isNullable: true };
const instant: ColumnType = { type: 'bigint' };
const instantOrNull: ColumnType = { type: 'bigint', isNullable: true };
const varchar = (length: number): ColumnType => ({ type: 'varchar', length: String(length) });
const varcharOrNull = (length: number): ColumnType => ({ ...varchar(length), isNullable: true });
const key = (length: number): ColumnType => ({ ...varchar(length), isPrimary: true });

const TABLES: readonly TableDefinition[] = [
  {
    entity: McpAuthClientEntity,
    columns: {
      clientIdHash: key(64),
      clientId: text,
      secretDigest: varcharOrNull(64),
      clientName: text,
      clientUri: textOrNull,
      redirectUris: text,
      grantTypes: text,
      tokenEndpointAuthMethod: varchar(64),
      scope: textOrNull,
      applicationType: varcharOrNull(16),
      createdAt: instant,
      markedAt: instantOrNull,
    },
    indexes: ['markedAt'],
  },
  {
    entity: McpAuthGrantEntity,
    columns: {
      id: key(36),
      clientIdHash: varchar(64),
      clientId: text,
      userIdHash: varchar(64),
      userId: text,
      orgId: textOrNull,
      scope: text,
      resources: text,
      redirectUri: text,
      codeChallenge: varchar(128),
      nonce: textOrNull,
      authTime: instantOrNull,
      dpopJkt: varcharOrNull(64),
      clientMetadataDigest: varcharOrNull(64),
      codeExpiresAt: instant,
      codeRedeemedAt: instantOrNull,
      refreshGeneration: { type: 'integer' },
      refreshedAt: instantOrNull,
      refreshExpiresAt: instantOrNull,
      revokedAt: instantOrNull,
      revokedReason: varcharOrNull(64),
      createdAt: instant,
    },
    indexes: ['clientIdHash', 'userIdHash', 'codeExpiresAt', 'refreshExpiresAt', 'revokedAt'],
  },
  {
    entity: McpAuthRevocationEntity,
    columns: {
      id: key(36),
      kind: varchar(16),
      subject: varchar(64),
      effectiveAt: instant,
      relevantUntil: instant,
    },
    indexes: ['subject', 'effectiveAt', 'relevantUntil'],
  },
  {
    entity: McpAuthLeaseEntity,
    columns: { name: key(64), holder: varchar(36), expiresAt: instant },
    indexes: [],
  },
];

/** The module's tables, the same on SQLite, PostgreSQL and MariaDB. */
export class CreateMcpAuthTables1764000000000 implements MigrationInterface {
  // TypeORM orders migrations by the number in this name; a bundler that renames classes must not change it.
  name = 'CreateMcpAuthTables1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const definition of TABLES) await queryRunner.createTable(toTable(queryRunner, definition));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { entity } of [...TABLES].reverse()) {
      await queryRunner.dropTable(metadataOf(queryRunner, entity).tablePath);
    }
  }
}

function toTable(queryRunner: QueryRunner, { entity, columns, indexes }: TableDefinition): Table {
  const metadata = metadataOf(queryRunner, entity);
  return new Table({
    name: metadata.tablePath,
    columns: Object.entries(columns).map(([property, type]) =>
      columnOptions(queryRunner, metadata, property, type),
    ),
    indices: indexes.map((property) => new TableIndex({ columnNames: [columnName(metadata, property)] })),
  });
}
