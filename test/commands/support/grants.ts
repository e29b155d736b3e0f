import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Database } from '../../../lib/storage/database.js';
import { GrantRepository } from '../../../lib/storage/grant.repository.js';

/** Stores a grant of alice's whose code waits to be redeemed. Answers its id. */
export async function storeGrant(
  dataSource: DataSource,
  { userId = 'alice', codeExpiresAt }: { userId?: string; codeExpiresAt: number },
): Promise<string> {
  const id = randomUUID();
  await new GrantRepository(new Database(dataSource)).insert({
    id,
    clientId: 'c1',
    userId,
    orgId: null,
    scope: 'mcp:read',
    resources: [],
    redirectUri: 'http://localhost/cb',
    codeChallenge: 'x'.repeat(43),
    nonce: null,
    authTime: null,
    dpopJkt: null,
    clientMetadataDigest: null,
    codeExpiresAt,
    createdAt: codeExpiresAt,
  });
  return id;
}
