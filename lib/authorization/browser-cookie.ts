import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import { readCookie, serializeCookie } from '../http/cookies.js';
import { sha256Hex } from '../storage/hash.js';

/** Seconds. */
const LIFETIME = 86_400;

/** A random value that tells one browser from another; shared by its tabs, and worth nothing by itself. */
export interface Browser {
  digest: string;
  setCookie: string;
}

function isSecure(config: Pick<McpAuthConfig, 'baseUrl'>): boolean {
  return config.baseUrl.startsWith('https:');
}

function cookieName(config: Pick<McpAuthConfig, 'baseUrl'>): string {
  // The prefix keeps a sibling subdomain from planting its own value; browsers accept it over https only.
  return isSecure(config) ? '__Host-mcp-auth-browser' : 'mcp-auth-browser';
}

/** Digest of the browser's cookie; null when it has none. */
export function browserDigest(
  headers: IncomingHttpHeaders,
  config: Pick<McpAuthConfig, 'baseUrl'>,
): string | null {
  const value = readCookie(headers, cookieName(config));
  return value !== undefined && /^[\w-]{43}$/.test(value) ? sha256Hex(value) : null;
}

/** The browser behind a request; a new one gets its cookie. */
export function identifyBrowser(
  headers: IncomingHttpHeaders,
  config: Pick<McpAuthConfig, 'baseUrl'>,
): Browser {
  const present =
    browserDigest(headers, config) === null ? undefined : readCookie(headers, cookieName(config));
  const value = present ?? randomBytes(32).toString('base64url');
  return {
    digest: sha256Hex(value),
    setCookie: serializeCookie(cookieName(config), value, {
      secure: isSecure(config),
      path: '/',
      maxAge: LIFETIME,
    }),
  };
}
