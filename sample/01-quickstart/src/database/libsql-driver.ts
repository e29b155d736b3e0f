import Libsql from 'libsql';

type Prepare = Libsql.Database['prepare'];

const WRITES = /^\s*(insert|update|delete|replace|create|drop|alter)\b/i;

/**
 * libsql for TypeORM's `better-sqlite3` driver: prebuilt binaries for every platform, no compiler needed.
 *
 * libsql 0.5 never resets a prepared write that failed with SQLITE_BUSY; every later write on that connection is then
 * acknowledged and lost. So each write outside a transaction gets one of its own, begun before the statement runs: a busy
 * database refuses `BEGIN IMMEDIATE`, where it does no harm. All of it is synchronous, so nothing comes in between.
 */
export class GuardedLibsql extends Libsql {
  override prepare = ((sql: string) => {
    const statement = super.prepare(sql);
    return WRITES.test(sql) ? this.guarded(statement) : statement;
  }) as Prepare;

  private guarded<Statement extends object>(statement: Statement): Statement {
    const atomically = <Result>(run: () => Result): Result => {
      if (this.inTransaction) return run();
      this.exec('BEGIN IMMEDIATE');
      try {
        const result = run();
        this.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.inTransaction) this.exec('ROLLBACK');
        throw error;
      }
    };
    return new Proxy(statement, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function') return value;
        if (member === 'run' || member === 'all' || member === 'get') {
          return (...parameters: unknown[]) =>
            atomically(() => Reflect.apply(value, target, parameters) as unknown);
        }
        return value.bind(target) as unknown;
      },
    });
  }
}
