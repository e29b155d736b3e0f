/** Where a flow ended. */
export type AuthorizationStep =
  'discovery' | 'registration' | 'authorization' | 'login' | 'consent' | 'token' | 'refresh' | 'revocation';

/** What the server answered, as far as there was an answer. */
export interface FailedAnswer {
  /** HTTP status. */
  status?: number;
  /** Body of the answer, or the URL that it redirected to. */
  body?: string;
  /** OAuth error code, where the answer has one. */
  error?: string;
}

const EXCERPT_LENGTH = 500;

/** A flow that did not get to its end: at which step, and what the server answered there. */
export class AuthorizationFlowError extends Error {
  /** Tells it from other errors where there are two copies of this package. */
  override readonly name = 'AuthorizationFlowError';
  /** HTTP status of the answer. */
  readonly status: number | undefined;
  /** Body of the answer, or the URL that it redirected to. */
  readonly body: string | undefined;
  /** OAuth error code, such as `invalid_scope`. */
  readonly error: string | undefined;

  /** @internal */
  constructor(
    /** The step that failed. */
    readonly step: AuthorizationStep,
    problem: string,
    { status, body, error }: FailedAnswer = {},
  ) {
    const answer = [status, body === undefined ? undefined : excerpt(body)].filter(
      (part) => part !== undefined,
    );
    super(`${step}: ${problem}${answer.length > 0 ? ` (${answer.join(' ')})` : ''}`);
    this.status = status;
    this.body = body;
    this.error = error;
  }
}

/** What a page or JSON document says, without its markup. */
function excerpt(body: string): string {
  const text = body
    .replace(/<(style|svg|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}...` : text;
}
