import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DataSource, type DataSourceOptions, type Logger as TypeOrmLogger } from 'typeorm';
import { ClientRepository } from '../../lib/storage/client.repository.js';
import { CleanupRepository } from '../../lib/storage/cleanup.repository.js';
import { Database } from '../../lib/storage/database.js';
import { DatabaseClock } from '../../lib/storage/database-clock.js';
import { MCP_AUTH_ENTITIES } from '../../lib/storage/entities.js';
import { GrantRepository } from '../../lib/storage/grant.repository.js';
import { sha256Hex } from '../../lib/storage/hash.js';
import { LeaseRepository } from '../../lib/storage/lease.repository.js';
import { MCP_AUTH_MIGRATIONS } from '../../lib/storage/migrations.js';
import type { ClientRecord, NewGrant } from '../../lib/storage/records.js';
import { RevocationRepository } from '../../lib/storage/revocation.repository.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';

const HOUR = 3_600_000;

class CountingLogger implements TypeOrmLogger {
  statements: string[] = [];
  logQuery(query: string): void {
    this.statements.push(query);
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

describe.each(testDatabases())('repositories on $name', ({ create }) => {
  const logger = new CountingLogger();
  let database: TestDatabase;
  let source: DataSource;
  let clients: ClientRepository;
  let grants: GrantRepository;
  let revocations: RevocationRepository;
  let leases: LeaseRepository;
  let cleanup: CleanupRepository;
  let db: Database;

  beforeAll(async () => {
    database = await create();
    source = await new DataSource({
      ...database.options,
      entities: MCP_AUTH_ENTITIES,
      migrations: MCP_AUTH_MIGRATIONS,
      logging: ['query'],
      logger,
    } as DataSourceOptions).initialize();
    await source.runMigrations();
    db = new Database(source);
    clients = new ClientRepository(db);
    grants = new GrantRepository(db);
    revocations = new RevocationRepository(db);
    leases = new LeaseRepository(db);
    cleanup = new CleanupRepository(db);
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    for (const entity of MCP_AUTH_ENTITIES) await source.createQueryBuilder().delete().from(entity).execute();
  });

  const now = Date.now();
  const client = (clientId: string, more: Partial<ClientRecord> = {}): ClientRecord => ({
    clientId,
    secretDigest: null,
    clientName: 'Notes 📝',
    clientUri: null,
    redirectUris: ['http://localhost/cb'],
    grantTypes: ['authorization_code', 'refresh_token'],
    tokenEndpointAuthMethod: 'none',
    scope: null,
    applicationType: null,
    createdAt: now,
    markedAt: null,
    registeredBy: null,
    allowIntrospection: false,
    ...more,
  });
  const newGrant = (more: Partial<NewGrant> = {}): NewGrant => ({
    id: randomUUID(),
    clientId: 'c1',
    userId: 'u1',
    orgId: null,
    scope: 'mcp:read',
    resources: ['https://h/mcp/api'],
    redirectUri: 'http://localhost/cb',
    codeChallenge: 'x'.repeat(43),
    nonce: null,
    authTime: null,
    dpopJkt: null,
    clientMetadataDigest: null,
    codeExpiresAt: now + HOUR,
    createdAt: now,
    ...more,
  });
  const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
    logger.statements = [];
    await work();
    return logger.statements.length;
  };

  it('hands a client back as it was stored, emoji and long values included', async () => {
    const stored = client('https://client.example/äöü-🚀', {
      clientName: '💬 '.repeat(40),
      clientUri: `https://h/${'x'.repeat(5000)}`,
    });
    expect(await clients.insert(stored)).toBe(true);
    expect(await clients.find(stored.clientId)).toEqual(stored);
  });

  it('tells ids apart that differ in case or trailing space only', async () => {
    for (const id of ['abc', 'ABC', 'abc '])
      expect(await clients.insert(client(id, { clientName: id }))).toBe(true);
    expect((await clients.find('ABC'))?.clientName).toBe('ABC');
    expect((await clients.find('abc '))?.clientName).toBe('abc ');
    expect(await clients.find('Abc')).toBeNull();
    expect(await clients.find('abc\0')).toBeNull();
  });

  it('lets one of twenty parallel inserts of an id win', async () => {
    const grant = newGrant();
    const results = await Promise.all(Array.from({ length: 20 }, () => grants.insert(grant)));
    expect(results.filter(Boolean)).toHaveLength(1);
    const registered = await Promise.all(Array.from({ length: 20 }, () => clients.insert(client('same'))));
    expect(registered.filter(Boolean)).toHaveLength(1);
  });

  it('lets one of twenty parallel redemptions win', async () => {
    const grant = newGrant();
    await grants.insert(grant);
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        grants.redeem({ grantId: grant.id, clientId: 'c1', now, refreshExpiresAt: now + HOUR }),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    const found = await grants.findWithClient(grant.id);
    expect(found?.grant).toMatchObject({
      codeRedeemedAt: now,
      refreshGeneration: 1,
      refreshExpiresAt: now + HOUR,
    });
  });

  it('lets one of twenty parallel rotations of a generation win', async () => {
    const grant = newGrant();
    await grants.insert(grant);
    await grants.redeem({ grantId: grant.id, clientId: 'c1', now, refreshExpiresAt: now + HOUR });
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        grants.rotate({
          grantId: grant.id,
          clientId: 'c1',
          generation: 1,
          now,
          refreshExpiresAt: now + HOUR,
        }),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect((await grants.findWithClient(grant.id))?.grant.refreshGeneration).toBe(2);
  });

  it('refuses a step for another client, an expired code, a wrong generation and a revoked grant', async () => {
    const step = { now, refreshExpiresAt: now + HOUR };
    const grant = newGrant();
    await grants.insert(grant);
    expect(await grants.redeem({ ...step, grantId: grant.id, clientId: 'C1' })).toBe(false);
    const expired = newGrant({ codeExpiresAt: now });
    await grants.insert(expired);
    expect(await grants.redeem({ ...step, grantId: expired.id, clientId: 'c1' })).toBe(false);
    expect(await grants.redeem({ ...step, grantId: grant.id, clientId: 'c1' })).toBe(true);
    expect(await grants.rotate({ ...step, grantId: grant.id, clientId: 'c1', generation: 2 })).toBe(false);
    expect(await grants.revoke({ grantId: grant.id, now, reason: 'test' })).toBe(true);
    expect(await grants.revoke({ grantId: grant.id, now, reason: 'again' })).toBe(false);
    expect(await grants.rotate({ ...step, grantId: grant.id, clientId: 'c1', generation: 1 })).toBe(false);
    expect((await grants.findWithClient(grant.id))?.grant.revokedReason).toBe('test');
  });

  it('reads a grant and its client in one statement, with numbers as numbers', async () => {
    await clients.insert(client('c1'));
    const grant = newGrant({ nonce: 'n'.repeat(5000), orgId: 'o1', authTime: now });
    await grants.insert(grant);
    const found = await grants.findWithClient(grant.id);
    expect(found?.grant).toMatchObject(grant);
    expect(found?.client).toEqual(client('c1'));
    expect((await grants.findWithClient(newGrant().id)) ?? 'none').toBe('none');
  });

  it('spends one statement on each step', async () => {
    const grant = newGrant();
    expect(await statementsOf(() => grants.insert(grant))).toBe(1);
    expect(await statementsOf(() => grants.findWithClient(grant.id))).toBe(1);
    const step = { grantId: grant.id, clientId: 'c1', now, refreshExpiresAt: now + HOUR };
    expect(await statementsOf(() => grants.redeem(step))).toBe(1);
    expect(await statementsOf(() => grants.rotate({ ...step, generation: 1 }))).toBe(1);
    expect(await statementsOf(() => grants.revoke({ grantId: grant.id, now, reason: 'x' }))).toBe(1);
    expect(await statementsOf(() => clients.find('c1'))).toBe(1);
  });

  it('revokes what a user or client was granted until an instant, and nothing later', async () => {
    const before = newGrant({ createdAt: now - 1 });
    const at = newGrant({ createdAt: now });
    const after = newGrant({ createdAt: now + 1 });
    const other = newGrant({ userId: 'u2' });
    for (const grant of [before, at, after, other]) await grants.insert(grant);
    const selection = {
      kind: 'user' as const,
      subject: sha256Hex('u1'),
      at: now,
      now,
      reason: 'user_revoked',
    };
    expect(await grants.revokeCreatedUntil(selection)).toBe(2);
    const revoked = await revocations.grantsRevokedSince(now);
    expect(revoked.map(({ grantId }) => grantId).sort()).toEqual([before.id, at.id].sort());
    expect(revoked[0]?.revokedAt).toBe(now);
  });

  it('answers about one token from the log, in one statement', async () => {
    const grant = newGrant({ createdAt: now });
    await grants.insert(grant);
    const subject = {
      jti: randomUUID(),
      grantId: grant.id,
      clientIdHash: sha256Hex('c1'),
      userIdHash: sha256Hex('u1'),
      grantCreatedAt: now,
    };
    expect(await statementsOf(() => revocations.isRevoked(subject))).toBe(1);
    expect(await revocations.isRevoked(subject)).toBe(false);
    const append = (kind: 'token' | 'client' | 'user', of: string, at: number) =>
      revocations.append({ id: randomUUID(), kind, subject: of, at, until: now + HOUR });
    await append('client', subject.clientIdHash, now - 1);
    await append('token', randomUUID(), now);
    expect(await revocations.isRevoked(subject)).toBe(false);
    await append('user', subject.userIdHash, now);
    expect(await revocations.isRevoked(subject)).toBe(true);
    expect(await revocations.isRevoked({ ...subject, grantId: randomUUID() })).toBe(true);
    expect(await revocations.entriesSince(now)).toHaveLength(2);
  });

  it('gives a lease to one of twenty, and to the next when it has run out', async () => {
    const holders = Array.from({ length: 20 }, () => randomUUID());
    const taken = await Promise.all(holders.map((holder) => leases.acquire('job', holder, now, 1000)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await leases.acquire('job', 'next', now + 999, 1000)).toBe(false);
    expect(await leases.acquire('job', 'next', now + 1000, 1000)).toBe(true);
    await leases.release('job', 'somebody else', now + 1001);
    expect(await leases.acquire('job', 'third', now + 1001, 1000)).toBe(false);
    await leases.release('job', 'next', now + 1001);
    expect(await leases.acquire('job', 'third', now + 1001, 1000)).toBe(true);
  });

  it('removes grants that can no longer matter, in batches, and no others', async () => {
    const unredeemed = Array.from({ length: 5 }, () => newGrant({ codeExpiresAt: now - 2 * HOUR }));
    const fresh = newGrant();
    const live = newGrant();
    const ended = newGrant();
    for (const grant of [...unredeemed, fresh, live, ended]) await grants.insert(grant);
    await grants.redeem({ grantId: live.id, clientId: 'c1', now, refreshExpiresAt: now + HOUR });
    await grants.redeem({
      grantId: ended.id,
      clientId: 'c1',
      now: now - 3 * HOUR,
      refreshExpiresAt: now - 2 * HOUR,
    });
    expect(await cleanup.deleteUnredeemedGrants(now - HOUR, 3)).toBe(3);
    expect(await cleanup.deleteUnredeemedGrants(now - HOUR, 3)).toBe(2);
    expect(await cleanup.deleteExpiredGrants(now - HOUR, now - HOUR, 10)).toBe(1);
    await grants.revoke({ grantId: live.id, now, reason: 'test' });
    expect(await cleanup.deleteRevokedGrants(now, 10)).toBe(0);
    expect(await cleanup.deleteRevokedGrants(now + 1, 10)).toBe(1);
    expect(await grants.findWithClient(fresh.id)).not.toBeNull();
  });

  it('marks an unused client first, deletes it later, and never one with a grant', async () => {
    for (const id of ['unused', 'used', 'new'])
      await clients.insert(client(id, { createdAt: id === 'new' ? now : now - HOUR }));
    await grants.insert(newGrant({ clientId: 'used' }));
    expect(await cleanup.markUnusedClients(now, now, 10)).toMatchObject({ count: 1 });
    expect(await cleanup.deleteMarkedClients(now, 10)).toBe(0);
    expect(await cleanup.deleteMarkedClients(now + 1, 10)).toBe(1);
    expect(await clients.find('unused')).toBeNull();
    await cleanup.markUnusedClients(now, now + 1, 10);
    await grants.insert(newGrant({ clientId: 'new' }));
    expect(await cleanup.deleteMarkedClients(now + 1, 10)).toBe(0);
    expect(await cleanup.unmarkUsedClients(10)).toBe(1);
    expect((await clients.find('new'))?.markedAt).toBeNull();
  });

  it('reads the database clock', async () => {
    const clock = new DatabaseClock(db);
    await clock.measure();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(2000);
  });

  it('says which table is missing', async () => {
    await expect(db.assertReady()).resolves.toBeUndefined();
    const empty = await create();
    const bare = await new DataSource({
      ...empty.options,
      entities: MCP_AUTH_ENTITIES,
    } as DataSourceOptions).initialize();
    await expect(new Database(bare).assertReady()).rejects.toThrow(
      /mcp_auth_clients is missing.*MCP_AUTH_MIGRATIONS/,
    );
    await bare.destroy();
    await empty.drop();
  });
});
