import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
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
    return this.onPrimary(async (manager) => {
      const grants = (): SelectQueryBuilder<McpAuthGrantEntity> =>
        manager.createQueryBuilder(McpAuthGrantEntity, 'r');
      const counts = [
        await unredeemedGrants(grants(), expiredBefore).getCount(),
        await expiredGrants(grants(), expiredBefore, issuedBefore).getCount(),
        await grantsWithoutRefresh(grants(), issuedBefore).getCount(),
        await revokedGrants(grants(), issuedBefore).getCount(),
      ];
      const revocations = manager.createQueryBuilder(McpAuthRevocationEntity, 'r');
      const clients = manager.createQueryBuilder(McpAuthClientEntity, 'c');
      return {
        grants: counts.reduce((sum, count) => sum + count, 0),
        revocations: await deadRevocations(revocations, expiredBefore).getCount(),
        clients: await markedClients(clients, markedBefore).getCount(),
      };
    });
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

  /** Marks clients that registered themselves before `createdBefore` and have no grant. */
  markUnusedClients(now: number, createdBefore: number, limit: number): Promise<number> {
    return this.mark(now, limit, (clients) => unusedClients(clients, createdBefore));
  }

  /** Takes the mark off clients that have a grant by now. */
  unmarkUsedClients(limit: number): Promise<number> {
    return this.mark(null, limit, usedClients);
  }

  /** Deletes clients that were marked before `markedBefore` and have no grant. */
  async deleteMarkedClients(markedBefore: number, limit: number): Promise<number> {
    return this.onPrimary(async (manager) => {
      const hashes = await this.clientHashes(manager, limit, (clients) =>
        markedClients(clients, markedBefore),
      );
      if (hashes.length === 0) return 0;
      const grants = manager
        .createQueryBuilder(McpAuthGrantEntity, 'g')
        .select('g.clientIdHash')
        .where('g.clientIdHash in (:...hashes)');
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(McpAuthClientEntity)
        .where('clientIdHash in (:...hashes)', { hashes })
        .andWhere('markedAt < :markedBefore', { markedBefore })
        .andWhere(`clientIdHash not in (${grants.getQuery()})`)
        .execute();
      return affected ?? 0;
    });
  }

  private deleteBatch<T extends ObjectLiteral & { id: string }>(
    entity: EntityTarget<T>,
    limit: number,
    dead: (rows: SelectQueryBuilder<T>) => SelectQueryBuilder<T>,
  ): Promise<number> {
    return this.onPrimary(async (manager) => {
      const rows = await dead(manager.createQueryBuilder(entity, 'r').select('r.id', 'id'))
        .limit(limit)
        .getRawMany<{ id: string }>();
      if (rows.length === 0) return 0;
      const ids = rows.map((row) => row.id);
      const { affected } = await manager
        .createQueryBuilder()
        .delete()
        .from(entity)
        .where('id in (:...ids)', { ids })
        .execute();
      return affected ?? 0;
    });
  }

  private mark(
    markedAt: number | null,
    limit: number,
    select: (clients: SelectQueryBuilder<McpAuthClientEntity>) => SelectQueryBuilder<McpAuthClientEntity>,
  ): Promise<number> {
    return this.onPrimary(async (manager) => {
      const hashes = await this.clientHashes(manager, limit, select);
      if (hashes.length === 0) return 0;
      const { affected } = await manager
        .createQueryBuilder()
        .update(McpAuthClientEntity)
        .set({ markedAt })
        .where('clientIdHash in (:...hashes)', { hashes })
        .execute();
      return affected ?? 0;
    });
  }

  private async clientHashes(
    manager: EntityManager,
    limit: number,
    select: (clients: SelectQueryBuilder<McpAuthClientEntity>) => SelectQueryBuilder<McpAuthClientEntity>,
  ): Promise<string[]> {
    const clients = manager.createQueryBuilder(McpAuthClientEntity, 'c').select('c.clientIdHash', 'hash');
    const rows = await select(clients).limit(limit).getRawMany<{ hash: string }>();
    return rows.map((row) => row.hash);
  }

  private async onPrimary<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.database.dataSource.createQueryRunner('master');
    try {
      return await work(runner.manager);
    } finally {
      await runner.release();
    }
  }
}
