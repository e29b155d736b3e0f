import { constants, createHmac, sign, type KeyLike } from 'node:crypto';

/** The first two parts of a JWT, decoded. */
export function decodeJwt(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = {}, claims = {}] = jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  return { header, claims };
}

/** How a forged token is signed; the header may say something else. */
export type ForgedSignature =
  | { hmac: string | Buffer }
  | { es256: KeyLike }
  | { rs256: KeyLike }
  | { rs384: KeyLike }
  | { ps256: KeyLike }
  | { none: true };

function signatureOf(text: string, signature: ForgedSignature): string {
  const input = Buffer.from(text);
  const bytes = (): Buffer => {
    if ('none' in signature) return Buffer.alloc(0);
    if ('hmac' in signature) return createHmac('sha256', signature.hmac).update(input).digest();
    if ('es256' in signature)
      return sign('sha256', input, { key: signature.es256 as never, dsaEncoding: 'ieee-p1363' });
    if ('rs384' in signature) return sign('sha384', input, signature.rs384 as never);
    if ('ps256' in signature)
      return sign('sha256', input, {
        key: signature.ps256 as never,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      });
    return sign('sha256', input, signature.rs256 as never);
  };
  return bytes().toString('base64url');
}

/** A JWT of any header and payload, signed or not. Members that are undefined are left out. */
export function forgeJwt(header: object, payload: unknown, signature: ForgedSignature): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signatureOf(input, signature)}`;
}
