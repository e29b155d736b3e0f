import { Injectable } from '@nestjs/common';
import type { EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { McpAuthClientEntity } from './client.entity.js';
import { Database } from './database.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import {
  deadRevocations,
  expiredGrants,
  grantsWithoutRefresh,
  markedClients,
  revokedGrants,
  unredeemedGrants,
  unusedClients,
  usedClients,
} from './removable-rows.js';
import { McpAuthRevocationEntity } from './revocation.entity.js';

/** From which instants on rows still matter. */
export interface CleanupInstants {
  /** Codes, refresh tokens and log entries that expired before this one are of no use. */
  expiredBefore: number;
  /** Access tokens that were issued before this one are dead. */
  issuedBefore: number;
  /** Clients that were marked as unused before this one may go. */
  markedBefore: number;
}

/**
 * Batched removal of rows that can no longer matter. Every method handles one batch and answers how many rows it changed,
 * so that no statement holds locks for long. Keys are picked first and rows deleted by key, since `delete ... limit` is
 * not portable; what was dead when it was picked cannot come alive again, except for clients, where the condition is
 * repeated.
 */
@Injectable()
export class CleanupRepository {
  constructor(private readonly database: Database) {}

  /** How many rows a cleanup would delete. */
  async countRemovable({ expiredBefore, issuedBefore, markedBefore }: CleanupInstants): Promise<{
    grants: number;
    revocations: number;
    clients: number;
  }> {
    const grants = (): SelectQueryBuilder<McpAuthGrantEntity> =>
      this.database.builder(McpAuthGrantEntity, 'r');
    const counts = [
      await this.count(unredeemedGrants(grants(), expiredBefore)),
      await this.count(expiredGrants(grants(), expiredBefore, issuedBefore)),
      await this.count(grantsWithoutRefresh(grants(), issuedBefore)),
      await this.count(revokedGrants(grants(), issuedBefore)),
    ];
    const revocations = this.database.builder(McpAuthRevocationEntity, 'r');
    const clients = this.database.builder(McpAuthClientEntity, 'c');
    return {
      grants: counts.reduce((sum, count) => sum + count, 0),
      revocations: await this.count(deadRevocations(revocations, expiredBefore)),
      clients: await this.count(markedClients(clients, markedBefore)),
    };
  }

  /** Grants whose code was never redeemed. */
  deleteUnredeemedGrants(expiredBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) => unredeemedGrants(rows, expiredBefore));
  }

  /** Redeemed grants whose refresh token has expired, and whose last access token is dead. */
  deleteExpiredGrants(expiredBefore: number, issuedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) =>
      expiredGrants(rows, expiredBefore, issuedBefore),
    );
  }

  /** Redeemed grants that never had a refresh token, and whose only access token is dead. */
  deleteGrantsWithoutRefresh(issuedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) => grantsWithoutRefresh(rows, issuedBefore));
  }

  /** Revoked grants: they stay as long as one of their access tokens might live. */
  deleteRevokedGrants(revokedBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthGrantEntity, limit, (rows) => revokedGrants(rows, revokedBefore));
  }

  deleteExpiredRevocations(relevantBefore: number, limit: number): Promise<number> {
    return this.deleteBatch(McpAuthRevocationEntity, limit, (rows) => deadRevocations(rows, relevantBefore));
  }

  /**
   * Marks clients that registered themselves before `createdBefore` and have no grant. Nothing but a look at each client
   * finds them, so every batch goes on behind the last client of the one before.
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
      unusedClients(clients, createdBefore)
        .andWhere('c.clientIdHash > :after', { after })
        .orderBy('c.clientIdHash'),
    );
    return { count: await this.setMark(hashes, now), last: hashes.at(-1) ?? after };
  }

  /** Takes the mark off clients that have a grant by now. */
  async unmarkUsedClients(limit: number): Promise<number> {
    return this.setMark(await this.clientHashes(limit, usedClients), null);
  }

  /** Deletes clients that were marked before `markedBefore` and have no grant. */
  async deleteMarkedClients(markedBefore: number, limit: number): Promise<number> {
    const hashes = await this.clientHashes(limit, (clients) => markedClients(clients, markedBefore));
    if (hashes.length === 0) return 0;
    const grants = this.database
      .builder(McpAuthGrantEntity, 'g')
      .select('g.clientIdHash')
      .where('g.clientIdHash in (:...hashes)');
    return this.database.writeQuery(
      this.database
        .builder(McpAuthClientEntity, 'c')
        .delete()
        .from(McpAuthClientEntity)
        .where('clientIdHash in (:...hashes)', { hashes })
        .andWhere('markedAt < :markedBefore', { markedBefore })
        .andWhere(`clientIdHash not in (${grants.getQuery()})`),
    );
  }

  private async count(rows: SelectQueryBuilder<ObjectLiteral>): Promise<number> {
    const [row] = await this.database.readQuery(rows.select('count(*)', 'count'));
    return Number(row?.count);
  }

  private async deleteBatch<T extends ObjectLiteral & { id: string }>(
    entity: EntityTarget<T>,
    limit: number,
    dead: (rows: SelectQueryBuilder<T>) => SelectQueryBuilder<T>,
  ): Promise<number> {
    const rows = await this.database.readQuery(
      dead(this.database.builder(entity, 'r').select('r.id', 'id')).limit(limit),
    );
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    return this.database.writeQuery(
      this.database.builder(entity, 'r').delete().from(entity).where('id in (:...ids)', { ids }),
    );
  }

  private async setMark(hashes: readonly string[], markedAt: number | null): Promise<number> {
    if (hashes.length === 0) return 0;
    return this.database.writeQuery(
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
    const rows = await this.database.readQuery(select(clients).limit(limit));
    return rows.map((row) => String(row.hash));
  }
}
