// Writes to one SQLite file as fast as it can, through the quickstart's driver as it was built, and counts what was
// acknowledged. `plain` as the last argument takes libsql without the guard, to see the loss.
import { setTimeout as delay } from 'node:timers/promises';
import Libsql from 'libsql';

const [file, name, writes, startAt, plain] = process.argv.slice(2);
const { GuardedLibsql } = await import('../../sample/01-quickstart/dist/database/libsql-driver.js');
const database = new (plain === 'plain' ? Libsql : GuardedLibsql)(file, { timeout: 0 });
const INSERT = 'insert into hits (process, n) values (?, ?)';
const COUNT = 'update counter set value = value + 1 where id = 1';

/** Leaves a statement behind that failed, as a caller does who gives up: this is what libsql does not bear. */
async function write(sql, ...values) {
  for (;;) {
    try {
      return database.prepare(sql).run(...values).changes;
    } catch (error) {
      if (!String(error.code).startsWith('SQLITE_BUSY')) throw error;
      await delay(Math.random() * 5);
    }
  }
}

// All processes begin together: one that is up earlier would be done before the others collide with it.
await delay(Number(startAt) - Date.now());
let acknowledged = 0;
for (let n = 0; n < Number(writes); n++) {
  const both = (await write(INSERT, Number(name), n)) + (await write(COUNT));
  if (both === 2) acknowledged++;
}
console.log(acknowledged);
