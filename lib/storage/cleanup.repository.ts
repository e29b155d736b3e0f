import { Injectable } from '@nestjs/common';
import type { EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { McpAuthClientEntity } from './client.entity.js';
import { Database } from './database.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import { McpAuthRevocationEntity } from './revocation.entity.js';

const HAS_GRANT = (query: SelectQueryBuilder<ObjectLiteral>): string =>
  `exists ${query
    .subQuery()
    .select('1')
    .from(McpAuthGrantEntity, 'g')
    .where('g.clientIdHash = c.clientIdHash')
    .getQuery()}`;

/**
 * Batched removal of rows that can no longer matter. Every method handles one batch and answers how many rows it changed,
 * so that no statement holds locks for long. Keys are picked first and rows deleted by key, since `delete ... limit` is
 * not portable; what was dead when it was picked cannot come alive again, except for clients, where the condition is
 * repeated.
 */
@Injectable()
export class CleanupRepository {
  constructor(private readonly database: Database) {}

  /** Grants whose code was never redeemed. */
  deleteUnredeemedGrants(expiredBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) =>
      rows
        .where('r.codeExpiresAt < :expiredBefore', { expiredBefore })
        .andWhere('r.codeRedeemedAt is null')
        .andWhere('r.revokedAt is null'),
    );
  }

  /** Redeemed grants whose refresh token has expired, and whose last access token is dead. */
  deleteExpiredGrants(expiredBefore: number, issuedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) =>
      rows
        .where('r.refreshExpiresAt < :expiredBefore', { expiredBefore })
        .andWhere('r.refreshedAt < :issuedBefore', { issuedBefore })
        .andWhere('r.revokedAt is null'),
    );
  }

  /** Redeemed grants that never had a refresh token, and whose only access token is dead. */
  deleteGrantsWithoutRefresh(issuedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) =>
      rows
        .where('r.codeExpiresAt < :issuedBefore', { issuedBefore })
        .andWhere('r.codeRedeemedAt < :issuedBefore', { issuedBefore })
        .andWhere('r.refreshExpiresAt is null')
        .andWhere('r.revokedAt is null'),
    );
  }

  /** Revoked grants: they stay as long as one of their access tokens might live. */
  deleteRevokedGrants(revokedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) =>
      rows.where('r.revokedAt < :revokedBefore', { revokedBefore }),
    );
  }

  deleteExpiredRevocations(relevantBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthRevocationEntity, limit, (rows) =>
      rows.where('r.relevantUntil < :relevantBefore', { relevantBefore }),
    );
  }

  /**
   * Marks clients that exist since before `createdBefore` and have no grant. Nothing but a look at each client finds them,
   * so every batch goes on behind the last client of the one before.
   *
   * @param after the answer of the batch before; empty for the first
   */
  async markUnusedClients(
    now: number,
    createdBefore: number,
    limit: number,
    after = '',
  ): Promise<{ count: number; last: string }> {
    const hashes = await this.clientHashes(limit, (clients) =>
      clients
        .where('c.markedAt is null')
        .andWhere('c.createdAt < :createdBefore', { createdBefore })
        .andWhere(`not ${HAS_GRANT(clients)}`)
        .andWhere('c.clientIdHash > :after', { after })
        .orderBy('c.clientIdHash'),
    );
    return { count: await this.setMark(hashes, now), last: hashes.at(-1) ?? after };
  }

  /** Takes the mark off clients that have a grant by now. */
  async unmarkUsedClients(limit: number): Promise<number> {
    const hashes = await this.clientHashes(limit, (clients) =>
      clients.where('c.markedAt is not null').andWhere(HAS_GRANT(clients)),
    );
    return this.setMark(hashes, null);
  }

  /** Deletes clients that were marked before `markedBefore` and have no grant. */
  async deleteMarkedClients(markedBefore: number, limit: number): Promise<number> {
    const hashes = await this.clientHashes(limit, (clients) =>
      clients.where('c.markedAt < :markedBefore', { markedBefore }).andWhere(`not ${HAS_GRANT(clients)}`),
    );
    if (hashes.length === 0) return 0;
    const grants = this.database
      .builder(McpAuthGrantEntity, 'g')
      .select('g.clientIdHash')
      .where('g.clientIdHash in (:...hashes)');
    return this.database.writeBuilt(
      this.database
        .builder(McpAuthClientEntity, 'c')
        .delete()
        .from(McpAuthClientEntity)
        .where('clientIdHash in (:...hashes)', { hashes })
        .andWhere('markedAt < :markedBefore', { markedBefore })
        .andWhere(`clientIdHash not in (${grants.getQuery()})`),
    );
  }

  private async deleteBatch<T extends ObjectLiteral & { id: string }>(
    entity: EntityTarget<T>,
    limit: number,
    dead: (rows: SelectQueryBuilder<T>) => SelectQueryBuilder<T>,
  ): Promise<number> {
    const rows = await this.database.readBuilt(
      dead(this.database.builder(entity, 'r').select('r.id', 'id')).limit(limit),
    );
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    return this.database.writeBuilt(
      this.database.builder(entity, 'r').delete().from(entity).where('id in (:...ids)', { ids }),
    );
  }

  private async setMark(hashes: readonly string[], markedAt: number | null): Promise<number> {
    if (hashes.length === 0) return 0;
    return this.database.writeBuilt(
      this.database
        .builder(McpAuthClientEntity, 'c')
        .update()
        .set({ markedAt })
        .where('clientIdHash in (:...hashes)', { hashes }),
    );
  }

  private async clientHashes(
    limit: number,
    select: (clients: SelectQueryBuilder<McpAuthClientEntity>) => SelectQueryBuilder<McpAuthClientEntity>,
  ): Promise<string[]> {
    const clients = this.database.builder(McpAuthClientEntity, 'c').select('c.clientIdHash', 'hash');
    const rows = await this.database.readBuilt(select(clients).limit(limit));
    return rows.map((row) => String(row.hash));
  }
}
