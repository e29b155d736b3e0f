import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { StatementRecorder } from './support/statement-recorder.js';

describe.each(testDatabases())('the revocation log on $name', (kind) => {
  it('is not read again for what was revoked a while ago, however much that was', async () => {
    const recorder = new StatementRecorder();
    const first = await startApp({ database: kind, schedule: false });
    const at = Date.now() - 120_000;
    const rows = Array.from(
      { length: 300 },
      () => `('${randomUUID()}', 'token', '${randomUUID()}', ${at}, ${at + 3_600_000})`,
    );
    await first.dataSource.query(
      `insert into mcp_auth_revocations (id, kind, subject, effective_at, relevant_until) values ${rows.join()}`,
    );
    // One that starts now reads them all, once.
    const second = await startApp({
      existing: first.database,
      logger: recorder,
      options: { revocationPollInterval: 0.1 },
    });
    recorder.seen = [];
    const looks = (): typeof recorder.seen =>
      recorder.seen.filter(({ sql }) => /mcp_auth_revocations/.test(sql));
    const deadline = performance.now() + 10_000;
    while (looks().length < 2 && performance.now() < deadline) await delay(50);
    for (const { sql, values } of looks().slice(0, 2)) {
      expect(await first.dataSource.query(sql, values)).toEqual([]);
    }
    expect(looks().length).toBeGreaterThanOrEqual(2);
    await second.close();
    await first.close();
  });
});
