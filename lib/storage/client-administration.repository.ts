import { Injectable } from '@nestjs/common';
import { McpAuthClientEntity } from './client.entity.js';
import { CLIENT_COLUMNS, toClientRecord } from './client-row.js';
import { CompiledStatement } from './compiled-statement.js';
import { Database } from './database.js';
import { sha256Hex } from './hash.js';
import { memoized } from './memoized.js';
import type { ClientRecord } from './records.js';

/** Which clients of a long list. */
export interface ClientPage {
  /** At most so many. */
  limit: number;
  /** After so many. */
  offset: number;
}

/** What only an operator does with clients. */
@Injectable()
export class ClientAdministrationRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  async list({ limit, offset }: ClientPage): Promise<ClientRecord[]> {
    const query = this.database.builder(McpAuthClientEntity, 'c').select([]);
    for (const [property, alias] of Object.entries(CLIENT_COLUMNS)) query.addSelect(`c.${property}`, alias);
    query.orderBy('c.createdAt').addOrderBy('c.clientIdHash').limit(limit).offset(offset);
    const rows = await this.database.readQuery(query);
    return rows.map(toClientRecord).filter((record) => record !== null);
  }

  async count(): Promise<number> {
    const query = this.database.builder(McpAuthClientEntity, 'c').select('count(*)', 'total');
    const [row] = await this.database.readQuery(query);
    return Number(row?.total);
  }

  /** False when there is no such confidential client. */
  async replaceSecret(clientId: string, secretDigest: string): Promise<boolean> {
    const values = { clientIdHash: sha256Hex(clientId), secretDigest };
    return (await this.database.write(this.replaceSecretStatement(), values)) === 1;
  }

  /** False when there is no such client. */
  async delete(clientId: string): Promise<boolean> {
    return (await this.database.write(this.deleteStatement(), { clientIdHash: sha256Hex(clientId) })) === 1;
  }

  private readonly replaceSecretStatement = memoized(() =>
    CompiledStatement.compile(['clientIdHash', 'secretDigest'], ({ clientIdHash, secretDigest }) =>
      this.database
        .builder(McpAuthClientEntity, 'c')
        .update()
        .set({ secretDigest })
        .where('clientIdHash = :clientIdHash', { clientIdHash })
        .andWhere('secretDigest is not null'),
    ),
  );

  private readonly deleteStatement = memoized(() =>
    CompiledStatement.compile(['clientIdHash'], (values) =>
      this.database
        .builder(McpAuthClientEntity, 'c')
        .delete()
        .from(McpAuthClientEntity)
        .where('clientIdHash = :clientIdHash', values),
    ),
  );
}
