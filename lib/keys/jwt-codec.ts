import { JwtService } from '@nestjs/jwt';
import type { JwtKey, KeyRing } from './key-ring.js';

/** Claims before anybody checked what they mean. */
export type JwtClaims = Record<string, unknown>;

/** A JWT that is not one of ours: malformed, wrongly signed, of another algorithm, or by an unknown key. */
export class InvalidJwtError extends Error {
  override readonly name = 'InvalidJwtError';
}

interface JwtHeader {
  alg: string;
  kid: string;
  typ: string;
}

/** Signs and verifies JWTs with the keys of a {@link KeyRing}, through @nestjs/jwt. What claims mean is the caller's. */
export class JwtCodec {
  private readonly services = new Map<JwtKey, JwtService>();

  constructor(private readonly ring: Pick<KeyRing, 'signingKey' | 'find'>) {}

  /** @param typ the JOSE `typ` that keeps one kind of token from passing for another (RFC 8725, section 3.11) */
  sign(typ: string, claims: JwtClaims): string {
    const key = this.ring.signingKey;
    if (!key) throw new Error('There is no signing key: set tokenSigningPrivateKey');
    return this.serviceFor(key).sign(claims, {
      algorithm: key.algorithm,
      keyid: key.kid,
      header: { alg: key.algorithm, typ },
    });
  }

  /**
   * Checks algorithm, signature and `typ`, and nothing else.
   *
   * @throws {InvalidJwtError} saying in one word what was wrong
   */
  verify(typ: string, token: string): JwtClaims {
    const header = this.headerOf(token);
    const key = this.ring.find(header.kid);
    if (!key) throw new InvalidJwtError('unknown_key');
    if (header.alg !== key.algorithm) throw new InvalidJwtError('wrong_algorithm');
    if (!isTyp(header.typ, typ)) throw new InvalidJwtError('wrong_type');
    try {
      const claims: unknown = this.serviceFor(key).verify(token, {
        algorithms: [key.algorithm],
        // Judged by the database's clock, by whoever knows what the token is for.
        ignoreExpiration: true,
        ignoreNotBefore: true,
      });
      if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims };
    } catch {
      throw new InvalidJwtError('bad_signature');
    }
    throw new InvalidJwtError('malformed');
  }

  private serviceFor(key: JwtKey): JwtService {
    let service = this.services.get(key);
    if (!service) {
      // A KeyObject, always: with a string secret jsonwebtoken is forty times slower.
      service = new JwtService({ secret: key.key });
      this.services.set(key, service);
    }
    return service;
  }

  private headerOf(token: string): JwtHeader {
    const header = parseJsonSegment(token.slice(0, Math.max(0, token.indexOf('.'))));
    if (!header) throw new InvalidJwtError('malformed');
    const { alg, kid, typ, crit } = header;
    // No critical extension is understood here (RFC 7515, section 4.1.11).
    if (crit !== undefined) throw new InvalidJwtError('critical_extension');
    if (typeof alg !== 'string' || typeof typ !== 'string') throw new InvalidJwtError('malformed');
    if (typeof kid !== 'string') throw new InvalidJwtError('unknown_key');
    return { alg, kid, typ };
  }
}

function isTyp(actual: string, expected: string): boolean {
  // A media type in `typ` may leave its "application/" out, and is compared without regard to case.
  return actual.toLowerCase().replace(/^application\//, '') === expected;
}

function parseJsonSegment(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
