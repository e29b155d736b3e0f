import { Injectable } from '@nestjs/common';
import { CompiledStatement } from './compiled-statement.js';
import { Database, DuplicateKeyError } from './database.js';
import { McpAuthLeaseEntity } from './lease.entity.js';
import { memoized } from './memoized.js';

/** Leases: at most one holder at a time, and a dead holder's lease ends by itself. */
@Injectable()
export class LeaseRepository {
  constructor(private readonly database: Database) {}

  /** True when `holder` has the lease for `durationMs` from now; who has it already keeps it. */
  async acquire(name: string, holder: string, now: number, durationMs: number): Promise<boolean> {
    const values = { name, holder, now, expiresAt: now + durationMs };
    if ((await this.database.write(this.takeStatement(), values)) === 1) return true;
    try {
      await this.database.write(this.insertStatement(), { name, holder, expiresAt: values.expiresAt });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** Ends a lease now, so that its row tells when. */
  async release(name: string, holder: string, now: number): Promise<void> {
    await this.database.write(this.releaseStatement(), { name, holder, expiresAt: now });
  }

  /** When the lease ended, or will end; null when nobody ever had it. */
  async endOf(name: string): Promise<number | null> {
    const [row] = await this.database.read(this.endStatement(), { name });
    return row ? Number(row.expires_at) : null;
  }

  private readonly takeStatement = memoized(() =>
    CompiledStatement.compile(['name', 'holder', 'now', 'expiresAt'], ({ name, holder, now, expiresAt }) =>
      this.database
        .builder(McpAuthLeaseEntity, 'l')
        .update()
        .set({ holder, expiresAt })
        .where('name = :name', { name })
        .andWhere('(expiresAt <= :now or holder = :holder)', { now, holder }),
    ),
  );

  private readonly insertStatement = memoized(() =>
    CompiledStatement.compile(['name', 'holder', 'expiresAt'], (values) =>
      this.database
        .builder(McpAuthLeaseEntity, 'l')
        .insert()
        .into(McpAuthLeaseEntity)
        .values(values)
        .updateEntity(false),
    ),
  );

  private readonly endStatement = memoized(() =>
    CompiledStatement.compile(['name'], (values) =>
      this.database
        .builder(McpAuthLeaseEntity, 'l')
        .select('l.expiresAt', 'expires_at')
        .where('l.name = :name', values),
    ),
  );

  private readonly releaseStatement = memoized(() =>
    CompiledStatement.compile(['name', 'holder', 'expiresAt'], ({ name, holder, expiresAt }) =>
      this.database
        .builder(McpAuthLeaseEntity, 'l')
        .update()
        .set({ expiresAt })
        .where('name = :name', { name })
        .andWhere('holder = :holder', { holder }),
    ),
  );
}
