import type { DataSource } from 'typeorm';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

export interface Population {
  clients: number;
  /** Alive: redeemed long ago, refreshed within the last days. */
  living: number;
  /** Of no use to anybody any more. */
  dead: number;
}

/** How a share of the grants differs from a living one, as columns of an insert. All instants in epoch milliseconds. */
interface Kind {
  count: number;
  codeExpires: string;
  redeemed: string;
  refreshed: string;
  refreshExpires: string;
  revoked: string;
}

/** Fills PostgreSQL on the server, so that a million rows take seconds. */
export async function seed(source: DataSource, { clients, living, dead }: Population): Promise<void> {
  const now = Date.now();
  const ago = (spread: number, least = 0): string => `${now - least} - (i * 7919::bigint) % ${spread}`;
  await source.query(
    `insert into mcp_auth_clients (client_id_hash, client_id, client_name, redirect_uris, grant_types,
       token_endpoint_auth_method, created_at)
     select encode(sha256(('client-' || i)::bytea), 'hex'), 'client-' || i, 'Client ' || i,
       '["http://localhost:7777/callback"]', '["authorization_code","refresh_token"]', 'none', ${ago(300 * DAY)}
     from generate_series(1, ${clients}) i`,
  );
  await source.query(
    `insert into mcp_auth_revocations (id, kind, subject, effective_at, relevant_until)
     select gen_random_uuid()::text, 'token', gen_random_uuid()::text, at, at + ${DAY}
     from (select ${ago(DAY)} as at from generate_series(1, ${Math.round(living / 10)}) i) x`,
  );
  const alive: Omit<Kind, 'count'> = {
    codeExpires: ago(90 * DAY, 20 * DAY),
    redeemed: ago(90 * DAY, 20 * DAY),
    refreshed: ago(10 * DAY),
    refreshExpires: `${now + 20 * DAY} + (i * 7919::bigint) % ${10 * DAY}`,
    revoked: 'null',
  };
  const old = ago(50 * DAY, 40 * DAY);
  const kinds: Kind[] = [
    { ...alive, count: living },
    { ...alive, count: living / 100, revoked: ago(DAY) },
    { ...alive, count: dead * 0.4, refreshed: old, refreshExpires: old },
    { ...alive, count: dead * 0.2, revoked: old },
    {
      ...alive,
      count: dead * 0.2,
      codeExpires: old,
      redeemed: 'null',
      refreshed: 'null',
      refreshExpires: 'null',
    },
    { ...alive, count: dead * 0.2, codeExpires: old, redeemed: old, refreshed: old, refreshExpires: 'null' },
  ];
  for (const kind of kinds) await insertGrants(source, clients, kind);
  await source.query('vacuum analyze');
}

async function insertGrants(source: DataSource, clients: number, kind: Kind): Promise<void> {
  const generation = kind.refreshExpires === 'null' ? 0 : 3;
  // Every tenth client has no grant.
  const client = `1 + (i % ${Math.round(clients * 0.9)})`;
  await source.query(
    `insert into mcp_auth_grants (id, client_id_hash, client_id, user_id_hash, user_id, scope, resources, redirect_uri,
       code_challenge, code_expires_at, code_redeemed_at, refresh_generation, refreshed_at, refresh_expires_at, revoked_at,
       revoked_reason, created_at)
     select gen_random_uuid()::text, encode(sha256(('client-' || ${client})::bytea), 'hex'), 'client-' || ${client},
       encode(sha256(('user-' || i / 3)::bytea), 'hex'), 'user-' || i / 3, 'mcp:read mcp:write',
       '["http://localhost:3000/mcp/api"]', 'http://localhost:7777/callback', 'challenge', ${kind.codeExpires},
       ${kind.redeemed}, ${generation}, ${kind.refreshed}, ${kind.refreshExpires}, ${kind.revoked}, null, ${kind.codeExpires}
     from generate_series(1, ${Math.round(kind.count)}) i`,
  );
}
