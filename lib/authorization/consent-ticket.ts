import type { Sealer } from '../keys/sealer.js';

/** How long a consent page may stay open. */
export const CONSENT_LIFETIME_MS = 600_000;

/** Everything that a consent is about: what the page showed is what is granted. */
export interface ConsentTicket {
  /** Becomes the id of the grant, so that one page cannot yield two. */
  grantId: string;
  userId: string;
  orgId: string | null;
  browser: string;
  clientId: string;
  clientMetadataDigest: string;
  redirectUri: string;
  scopes: string[];
  resources: string[];
  codeChallenge: string;
  state: string | undefined;
  nonce: string | undefined;
  authTime: number | null;
  expiresAt: number;
}

export function sealTicket(sealer: Sealer, ticket: ConsentTicket): string {
  return sealer.seal('consent-ticket', ticket);
}

/** Null when the text is no ticket of ours; an expired one is still a ticket. */
export function openTicket(sealer: Sealer, text: string): ConsentTicket | null {
  return sealer.open('consent-ticket', text) as ConsentTicket | null;
}
