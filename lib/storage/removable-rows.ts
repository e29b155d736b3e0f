import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { McpAuthClientEntity } from './client.entity.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import type { McpAuthRevocationEntity } from './revocation.entity.js';

/** Which rows can no longer matter: asked alike by the cleanup that deletes them and by a dry run that counts them. */
type Grants = SelectQueryBuilder<McpAuthGrantEntity>;
type Clients = SelectQueryBuilder<McpAuthClientEntity>;
type Revocations = SelectQueryBuilder<McpAuthRevocationEntity>;

export function unredeemedGrants(rows: Grants, expiredBefore: number): Grants {
  return rows
    .where('r.codeExpiresAt < :expiredBefore', { expiredBefore })
    .andWhere('r.codeRedeemedAt is null')
    .andWhere('r.revokedAt is null');
}

export function expiredGrants(rows: Grants, expiredBefore: number, issuedBefore: number): Grants {
  return rows
    .where('r.refreshExpiresAt < :expiredBefore', { expiredBefore })
    .andWhere('r.refreshedAt < :issuedBefore', { issuedBefore })
    .andWhere('r.revokedAt is null');
}

export function grantsWithoutRefresh(rows: Grants, issuedBefore: number): Grants {
  return rows
    .where('r.codeExpiresAt < :issuedBefore', { issuedBefore })
    .andWhere('r.codeRedeemedAt < :issuedBefore', { issuedBefore })
    .andWhere('r.refreshExpiresAt is null')
    .andWhere('r.revokedAt is null');
}

export function revokedGrants(rows: Grants, revokedBefore: number): Grants {
  return rows.where('r.revokedAt < :revokedBefore', { revokedBefore });
}

export function deadRevocations(rows: Revocations, relevantBefore: number): Revocations {
  return rows.where('r.relevantUntil < :relevantBefore', { relevantBefore });
}

/** Clients of the operator stay, used or not. */
export function unusedClients(clients: Clients, createdBefore: number): Clients {
  return clients
    .where('c.markedAt is null')
    .andWhere('c.registeredBy is null')
    .andWhere('c.createdAt < :createdBefore', { createdBefore })
    .andWhere(`not ${hasGrant(clients)}`);
}

export function usedClients(clients: Clients): Clients {
  return clients.where('c.markedAt is not null').andWhere(hasGrant(clients));
}

export function markedClients(clients: Clients, markedBefore: number): Clients {
  return clients
    .where('c.markedAt < :markedBefore', { markedBefore })
    .andWhere('c.registeredBy is null')
    .andWhere(`not ${hasGrant(clients)}`);
}

function hasGrant(query: SelectQueryBuilder<ObjectLiteral>): string {
  return `exists ${query
    .subQuery()
    .select('1')
    .from(McpAuthGrantEntity, 'g')
    .where('g.clientIdHash = c.clientIdHash')
    .getQuery()}`;
}
