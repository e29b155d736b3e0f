import { Injectable } from '@nestjs/common';
import { McpAuthClientEntity } from './client.entity.js';
import { CLIENT_COLUMNS, toClientRecord } from './client-row.js';
import { CompiledStatement } from './compiled-statement.js';
import { Database, DuplicateKeyError } from './database.js';
import { sha256Hex } from './hash.js';
import { memoized } from './memoized.js';
import type { ClientRecord } from './records.js';
import { isStorable } from './storable.js';

/** Registered clients. */
@Injectable()
export class ClientRepository {
  constructor(private readonly database: Database) {}

  async find(clientId: string): Promise<ClientRecord | null> {
    if (!isStorable(clientId)) return null;
    const [row] = await this.database.read(this.findStatement(), { clientIdHash: sha256Hex(clientId) });
    const record = row ? toClientRecord(row) : null;
    return record?.clientId === clientId ? record : null;
  }

  /** False when the id is taken. */
  async insert(client: ClientRecord): Promise<boolean> {
    try {
      await this.database.write(this.insertStatement(), {
        ...client,
        clientIdHash: sha256Hex(client.clientId),
        redirectUris: JSON.stringify(client.redirectUris),
        grantTypes: JSON.stringify(client.grantTypes),
        allowIntrospection: client.allowIntrospection ? 1 : null,
      });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** Takes back the mark that cleanup puts on a client without grants. False when the client was deleted meanwhile. */
  async unmark(clientId: string): Promise<boolean> {
    const values = { clientIdHash: sha256Hex(clientId), markedAt: null };
    return (await this.database.write(this.unmarkStatement(), values)) === 1;
  }

  private readonly findStatement = memoized(() =>
    CompiledStatement.compile(['clientIdHash'], (values) => {
      const query = this.database.builder(McpAuthClientEntity, 'c').select([]);
      for (const [property, alias] of Object.entries(CLIENT_COLUMNS)) query.addSelect(`c.${property}`, alias);
      return query.where('c.clientIdHash = :clientIdHash', values);
    }),
  );

  private readonly insertStatement = memoized(() =>
    CompiledStatement.compile(
      ['clientIdHash', ...(Object.keys(CLIENT_COLUMNS) as (keyof typeof CLIENT_COLUMNS)[])],
      (values) =>
        this.database
          .builder(McpAuthClientEntity, 'c')
          .insert()
          .into(McpAuthClientEntity)
          .values(values)
          .updateEntity(false),
    ),
  );

  private readonly unmarkStatement = memoized(() =>
    CompiledStatement.compile(['clientIdHash', 'markedAt'], ({ clientIdHash, markedAt }) =>
      this.database
        .builder(McpAuthClientEntity, 'c')
        .update()
        .set({ markedAt })
        .where('clientIdHash = :clientIdHash', { clientIdHash }),
    ),
  );
}
