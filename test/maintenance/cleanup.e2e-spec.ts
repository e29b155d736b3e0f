import { describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { setTimeout as delay } from 'node:timers/promises';
import { CleanupService } from '../../lib/index.js';
import { startApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { LogRecorder } from '../support/recorder.js';
import { Flow } from '../support/flow.js';

const DAY = 86_400_000;

describe.each(testDatabases())('cleanup on $name', (database) => {
  it('removes what can no longer matter, never what is alive, and says so', async () => {
    const server = await startApp({ database, options: { cleanup: { batchSize: 2 } } });
    const flow = new Flow(server.url);
    const live = await flow.tokens();
    for (let count = 0; count < 5; count++) await flow.tokens('alice', {}, live.client);
    const expired = await server.dataSource.query('select id from mcp_auth_grants order by created_at desc');
    const old = (expired as { id: string }[]).slice(0, 5).map(({ id }) => id);
    const past = Date.now() - 3 * DAY;
    for (const id of old) {
      await server.dataSource.query(
        `update mcp_auth_grants set refresh_expires_at = ${past}, refreshed_at = ${past}, code_redeemed_at = ${past}, code_expires_at = ${past} where id = '${id}'`,
      );
    }
    const cleanup = server.app.get(CleanupService);
    const results = await Promise.all([cleanup.run(), cleanup.run()]);
    const removed = results.reduce((total, result) => total + (result?.grants ?? 0), 0);
    expect(removed).toBe(5);
    expect((await flow.refresh(live.client, live.refreshToken)).status).toBe(200);
    expect(server.events.filter(({ type }) => type === 'cleanup.finished')[0]?.message).toMatch(
      /^Cleanup removed \d+ grants, 0 revocations, 0 clients$/,
    );
    await server.close();
  });

  it('runs on one instance at a time', async () => {
    const existing = await database.create();
    const servers = [await startApp({ existing }), await startApp({ existing })];
    const results = await Promise.all(servers.map(({ app }) => app.get(CleanupService).run()));
    expect(results.filter((result) => result === null).length).toBeLessThanOrEqual(1);
    expect(results.some((result) => result !== null)).toBe(true);
    // A lease that somebody holds keeps the others out.
    await servers[0]!.dataSource.query(
      `update mcp_auth_leases set holder = 'somebody else', expires_at = ${Date.now() + DAY}`,
    );
    expect(await servers[1]!.app.get(CleanupService).run()).toBeNull();
    for (const server of servers) await server.close();
    await existing.drop();
  });
});

describe('the cleanup job', () => {
  it('is registered once with the cron expression of the options, and runs by it', async () => {
    const server = await startApp({ options: { cleanup: { cron: '* * * * * *' } } });
    const jobs = server.app.get(SchedulerRegistry).getCronJobs();
    expect([...jobs.keys()]).toEqual(['mcp-auth-cleanup']);
    const deadline = Date.now() + 5000;
    while (!server.events.some(({ type }) => type === 'cleanup.finished') && Date.now() < deadline)
      await delay(50);
    expect(server.events.some(({ type }) => type === 'cleanup.finished')).toBe(true);
    await server.close();
  });

  it('can be switched off', async () => {
    const server = await startApp({ options: { cleanup: { enabled: false } } });
    expect(server.app.get(SchedulerRegistry).getCronJobs().size).toBe(0);
    await server.close();
  });

  it('stops the boot for what is no cron expression', async () => {
    await expect(startApp({ options: { cleanup: { cron: 'every day' } } })).rejects.toThrow(
      /cleanup\.cron is 'every day'.*write for example/,
    );
  });

  it('says what to import when the application has no ScheduleModule', async () => {
    const nestLogger = new LogRecorder();
    const server = await startApp({ schedule: false, nestLogger });
    expect(nestLogger.lines.join('\n')).toContain('import ScheduleModule.forRoot() into the AppModule');
    await server.close();
  });
});
