import type { DataSource } from 'typeorm';

const DAY = 86_400_000;

/** How a share of the grants looks, as columns of an insert. All instants in epoch milliseconds. */
interface Kind {
  count: number;
  codeExpires: string;
  redeemed: string;
  refreshed: string;
  refreshExpires: string;
  revoked: string;
}

/** An instant of each row, up to `spread` before `least` ago. */
const ago = (spread: number, least = 0): string => `${Date.now() - least} - (i * 7919::bigint) % ${spread}`;

const living = (count: number): Kind => ({
  count,
  codeExpires: ago(90 * DAY, 20 * DAY),
  redeemed: ago(90 * DAY, 20 * DAY),
  refreshed: ago(10 * DAY),
  refreshExpires: `${Date.now() + 20 * DAY} + (i * 7919::bigint) % ${10 * DAY}`,
  revoked: 'null',
});

/** Clients, their grants of the last months and a log of revocations, filled in on the server: a million rows take seconds. */
export async function seedLiving(source: DataSource, clients: number, grants: number): Promise<void> {
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
     from (select ${ago(DAY)} as at from generate_series(1, ${Math.round(grants / 10)}) i) x`,
  );
  await insertGrants(source, clients, living(grants));
  await insertGrants(source, clients, { ...living(grants / 100), revoked: ago(DAY) });
  await source.query('vacuum analyze');
}

/** Grants of every kind that cleanup removes. */
export async function seedDead(source: DataSource, clients: number, grants: number): Promise<void> {
  const old = ago(50 * DAY, 40 * DAY);
  const expired = { ...living(grants * 0.4), refreshed: old, refreshExpires: old };
  const revoked = { ...living(grants * 0.2), revoked: old };
  const unredeemed = {
    ...living(grants * 0.2),
    ...{ codeExpires: old, redeemed: 'null', refreshed: 'null', refreshExpires: 'null' },
  };
  const withoutRefresh = { ...unredeemed, redeemed: old, refreshed: old };
  for (const kind of [expired, revoked, unredeemed, withoutRefresh]) {
    await insertGrants(source, clients, kind);
  }
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
