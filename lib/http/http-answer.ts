/** What an endpoint answers, as a plain value; the responder writes it out on any adapter. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** A JSON answer that no cache may keep. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
): HttpAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...NO_STORE, ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer without a body that no cache may keep. */
export function emptyAnswer(status: number, headers: Record<string, string | string[]> = {}): HttpAnswer {
  return { status, headers: { ...NO_STORE, ...headers }, body: '' };
}

/** A redirect that turns every method into GET: credentials that were posted are never posted on (RFC 9700, section 4.12). */
export function redirectAnswer(
  location: string,
  headers: Record<string, string | string[]> = {},
): HttpAnswer {
  return emptyAnswer(303, { Location: location, 'Referrer-Policy': 'no-referrer', ...headers });
}

/**
 * An HTML page. Framing, scripts and foreign content are refused; there is no `form-action`, which would block the
 * redirect that follows the consent form. `same-origin` rather than `no-referrer`: with the latter browsers send
 * `Origin: null` when the form is posted.
 *
 * @param styleSource what CSP allows as style: a hash, or 'unsafe-inline' for a template that is not ours
 */
export function htmlAnswer(
  status: number,
  html: string,
  styleSource: string,
  headers: Record<string, string | string[]> = {},
): HttpAnswer {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      ...NO_STORE,
      'Content-Security-Policy': [
        "default-src 'none'",
        `style-src ${styleSource}`,
        "img-src 'self' data:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      ...headers,
    },
    body: html,
  };
}
