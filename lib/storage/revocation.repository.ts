import { Injectable } from '@nestjs/common';
import { CompiledStatement } from './compiled-statement.js';
import { BULK_STATEMENT_LIMIT_MS, Database, type Row } from './database.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import { memoized } from './memoized.js';
import type { RevocationEntry, RevocationKind, RevokedGrant } from './records.js';
import { McpAuthRevocationEntity } from './revocation.entity.js';

/** What a token is checked by. */
export interface RevocationSubject {
  jti: string;
  grantId: string;
  clientIdHash: string;
  userIdHash: string;
  grantCreatedAt: number;
}

/** The revocation log: its own table, and `revoked_at` of the grants. */
@Injectable()
export class RevocationRepository {
  constructor(private readonly database: Database) {}

  async append(entry: RevocationEntry): Promise<void> {
    const { id, kind, subject, at, until } = entry;
    await this.database.write(this.appendStatement(), {
      id,
      kind,
      subject,
      effectiveAt: at,
      relevantUntil: until,
    });
  }

  async entriesSince(at: number): Promise<RevocationEntry[]> {
    const rows = await this.database.read(this.entriesStatement(), { at }, BULK_STATEMENT_LIMIT_MS);
    return rows.map((row) => ({
      id: String(row.id),
      kind: String(row.kind) as RevocationKind,
      subject: String(row.subject),
      at: Number(row.effective_at),
      until: Number(row.relevant_until),
    }));
  }

  async grantsRevokedSince(at: number): Promise<RevokedGrant[]> {
    const rows: Row[] = await this.database.read(this.grantsStatement(), { at }, BULK_STATEMENT_LIMIT_MS);
    return rows.map((row) => ({ grantId: String(row.id), revokedAt: Number(row.revoked_at) }));
  }

  /** Asks the database about one token, in one statement: for `revocation: 'strict'`. */
  async isRevoked(subject: RevocationSubject): Promise<boolean> {
    const [row] = await this.database.read(this.isRevokedStatement(), { ...subject });
    // A grant that is not there cannot have a living token.
    return !row || row.revoked_at !== null || Number(row.entries) > 0;
  }

  private readonly appendStatement = memoized(() =>
    CompiledStatement.compile(['id', 'kind', 'subject', 'effectiveAt', 'relevantUntil'], (values) =>
      this.database
        .builder(McpAuthRevocationEntity, 'r')
        .insert()
        .into(McpAuthRevocationEntity)
        .values(values)
        .updateEntity(false),
    ),
  );

  private readonly entriesStatement = memoized(() =>
    CompiledStatement.compile(['at'], (values) =>
      this.database
        .builder(McpAuthRevocationEntity, 'r')
        .select('r.id', 'id')
        .addSelect('r.kind', 'kind')
        .addSelect('r.subject', 'subject')
        .addSelect('r.effectiveAt', 'effective_at')
        .addSelect('r.relevantUntil', 'relevant_until')
        .where('r.effectiveAt >= :at', values),
    ),
  );

  private readonly grantsStatement = memoized(() =>
    CompiledStatement.compile(['at'], (values) =>
      this.database
        .builder(McpAuthGrantEntity, 'g')
        .select('g.id', 'id')
        .addSelect('g.revokedAt', 'revoked_at')
        .where('g.revokedAt >= :at', values),
    ),
  );

  private readonly isRevokedStatement = memoized(() =>
    CompiledStatement.compile(
      ['jti', 'grantId', 'clientIdHash', 'userIdHash', 'grantCreatedAt'],
      ({ jti, grantId, clientIdHash, userIdHash, grantCreatedAt }) =>
        this.database
          .builder(McpAuthGrantEntity, 'g')
          .select('g.revokedAt', 'revoked_at')
          .addSelect(
            (entries) =>
              entries
                .select('count(*)')
                .from(McpAuthRevocationEntity, 'r')
                .where("r.kind = 'token' and r.subject = :jti")
                .orWhere(
                  "r.kind = 'client' and r.subject = :clientIdHash and r.effectiveAt >= :grantCreatedAt",
                )
                .orWhere("r.kind = 'user' and r.subject = :userIdHash and r.effectiveAt >= :grantCreatedAt"),
            'entries',
          )
          .setParameters({ jti, clientIdHash, userIdHash, grantCreatedAt })
          .where('g.id = :grantId', { grantId }),
    ),
  );
}
