import { describe, expect, it } from '@jest/globals';
import { sourceOfTest, type Watched } from '../support/watched.js';

/**
 * Weaknesses of the gem that this module follows, by the numbers of the review that listed them: what each was, and the
 * test here that fails when it comes back.
 */
const WEAKNESSES: Watched[] = [
  ['W1', 'consent bypassed by approved=true', 'test/flow/authorize', 'ignores approved=true'],
  [
    'W2',
    'no client authentication at the token endpoint',
    'test/flow/token-endpoint',
    'asks a confidential client for its secret at every grant',
  ],
  [
    'W3',
    'refresh token bound to no client',
    'test/flow/token-endpoint',
    'binds a refresh token to its client',
  ],
  ['W4', 'a race spends a code twice', 'test/flow/spent-once', 'redeems a code once of twenty times'],
  [
    'W4',
    'a race spends a refresh token twice',
    'test/flow/spent-once',
    'gives twenty parallel refreshes the same successor',
  ],
  [
    'W5',
    'resource taken as it comes',
    'test/flow/token-endpoint',
    'binds tokens to the resource that was consented to',
  ],
  [
    'W6',
    'API key secret inside the token',
    'test/oidc/userinfo',
    'puts no secret of the user into any token',
  ],
  ['W7', 'codes live for thirty hours', 'test/flow/token-endpoint', 'lets a code live for half an hour'],
  [
    'W8',
    'codes, tokens and secrets in plain text at rest',
    'test/audit/secrets',
    'leaves no code, token, secret or verifier in logs, audit events, rows or errors',
  ],
  [
    'W9',
    'a replayed refresh token goes unnoticed',
    'test/flow/spent-once',
    'ends the grant when a refresh token is used again after its successor',
  ],
  [
    'W10',
    'identical tokens within one second',
    'test/flow/token-endpoint',
    'gives every token an id of its own, also within one second',
  ],
  [
    'W11',
    'issuer, audience and metadata from the Host header',
    'test/resource/gate',
    'takes no Host header into what it emits',
  ],
  [
    'W12',
    'scope policy for display only',
    'test/config/options',
    'is enforced when the page is shown, when it is answered and at every refresh',
  ],
  [
    'W13',
    'scopes granted that nobody asked for',
    'test/flow/authorize',
    'grants what is ticked, plus what is required, and nothing that was not shown',
  ],
  [
    'W13',
    'the scope of a client means nothing',
    'test/config/options',
    'is a ceiling when the operator set it, and a default when the client registered itself',
  ],
  [
    'W14',
    'script-like and remote http redirect URIs',
    'test/clients/registration',
    'refuses the redirect URI %j',
  ],
  [
    'W14',
    'fragments and credentials in redirect URIs',
    'lib/clients/redirect-uri',
    'a redirect URI is refused',
  ],
  [
    'W15',
    'redirect URIs unchecked without authorization_code',
    'test/clients/registration',
    "grant_types: ['refresh_token'] }, 'invalid_client_metadata'",
  ],
  [
    'W16',
    'a secret that also signs cookies, of any strength',
    'test/discovery/discovery',
    'oauthSecret is shorter',
  ],
  [
    'W17',
    'query of the redirect URI overwritten',
    'test/flow/authorize',
    'uses any port of a loopback redirect and keeps its query',
  ],
  ['W18', 'errors never redirected', 'test/flow/authorize', 'redirects an error with state and iss for %s'],
  [
    'W19',
    'loopback redirects with one port only',
    'lib/clients/redirect-uri',
    'is exact, but for the port of a loopback redirect',
  ],
  ['W20', 'single-slash private-use schemes refused', 'lib/clients/redirect-uri', "'com.example.app:/cb'"],
  [
    'W21',
    'registration answers 200, ignores the method, knows no invalid_redirect_uri',
    'test/clients/registration',
    'registers a public client when no method is named, and echoes what it understood',
  ],
  [
    'W22',
    'a replayed code leaves its tokens alive',
    'test/flow/spent-once',
    'kills its tokens since the others were replays',
  ],
  [
    'W23',
    'revoking a refresh token leaves access tokens alive',
    'test/resource/revocation',
    'reaches the other for a grant, when its refresh token is revoked',
  ],
  [
    'W24',
    'a narrowed refresh shrinks the grant, an empty one passes',
    'test/flow/token-endpoint',
    'narrows the access token and not the grant, and widens neither',
  ],
  [
    'W25',
    'refreshed tokens fall back to the default audience',
    'test/flow/token-endpoint',
    'binds tokens to the resource that was consented to',
  ],
  ['W26', 'verifier and challenge of any form', 'lib/clients/pkce', 'takes no verifier like %j'],
  ['W26', 'a challenge of any form at authorize', 'test/flow/authorize', "'a short challenge'"],
  [
    'W27',
    'invalid_client without WWW-Authenticate',
    'test/clients/registration',
    'authenticates a confidential client by either way of sending its secret, and by nothing else',
  ],
  [
    'W27',
    'Basic credentials not form-decoded, or leniently',
    'lib/clients/client-credentials',
    'survive form-encoding, whatever they contain',
  ],
  [
    'W28',
    'public clients cannot revoke',
    'test/flow/token-endpoint',
    'lets public clients revoke and introspect their own tokens',
  ],
  [
    'W28',
    'a resource server cannot introspect',
    'test/clients/registration',
    'lets a resource server introspect what others were given',
  ],
  [
    'W29',
    'answers with credentials may be cached',
    'test/http/headers',
    'let no cache keep an answer that carries a credential',
  ],
  [
    'W30',
    'pages open to other origins and frames',
    'test/http/headers',
    'let no other origin read or frame the pages',
  ],
  ['W30', 'pages shown in a frame', 'test/pages/browser', 'are not shown in a frame of another site'],
  [
    'W31',
    'a challenge that names an error without a token, or no scope',
    'test/http/headers',
    'say nothing of an error to who brings no token',
  ],
  [
    'W31',
    'quotes in a challenge unescaped',
    'lib/resource/challenge',
    'can be read back, whatever its description says',
  ],
  [
    'W32',
    'no path-inserted metadata',
    'test/discovery/discovery',
    'has all three forms of its metadata, and the root answers for nobody else',
  ],
  [
    'W32',
    'metadata for any resource path',
    'test/discovery/discovery',
    'answers unknown resources and issuers with a JSON 404',
  ],
  [
    'W33',
    'preflights refuse MCP-Protocol-Version',
    'test/http/headers',
    'let browser-based clients of any origin reach machine endpoints',
  ],
  [
    'W34',
    'userinfo without openid, with made-up claims',
    'test/oidc/userinfo',
    'tells what the granted scopes allow, by GET and by POST',
  ],
  ['W34', 'userinfo without openid', 'test/oidc/userinfo', 'needs openid'],
  [
    'W35',
    'id_tokens without nonce, signed with a secret',
    'test/discovery/discovery',
    'publishes the key that verifies id_tokens, which carry nonce, at_hash',
  ],
  ['W35', 'id_tokens under HS256', 'test/discovery/discovery', 'openIdConnect needs'],
  [
    'W36',
    'grant and response types unchecked',
    'test/clients/registration',
    "grant_types: ['password'] }, 'invalid_client_metadata'",
  ],
  [
    'W36',
    'refresh tokens for clients without that grant',
    'test/flow/token-endpoint',
    'gives no refresh token to a client that is not registered for one',
  ],
  [
    'W37',
    'registration cannot be switched off',
    'test/clients/registration',
    'is neither offered nor served, and pre-registered clients work',
  ],
  ['W37', 'registrations of any size', 'test/clients/registration', 'Array(21)'],
  [
    'W38',
    'the request is lost at login',
    'test/flow/authorize',
    'goes on with the very same request after login',
  ],
  [
    'W38',
    'a posted request is lost at login',
    'test/flow/authorize',
    'goes on after login with what was posted, too',
  ],
  [
    'W39',
    'the organization hook ignored',
    'test/config/options',
    'becomes the org of the token, and consent of one organization is none of another',
  ],
  [
    'W40',
    'bugs of the application taken for signed out',
    'test/config/options',
    'shows a mistake of the application as a mistake, not as signed out',
  ],
  [
    'W41',
    'filters of the application at machine endpoints',
    'test/consumers/hostile-host/test/shapes.suite',
    'discovery documents: bare JSON, also by HEAD',
  ],
  [
    'W42',
    'a required scope that policy hides makes consent impossible',
    'test/config/options',
    'What policy denies is dropped, required or not',
  ],
  ['W43', 'options lost between two configurations', 'test/config/options', 'the module takes its options'],
  [
    'W44',
    'ES256 with a derived public key is broken',
    'test/quickstart/quickstart',
    'signs tokens with ES256 and offers openid, email and profile',
  ],
  [
    'W45',
    'keys cannot roll over',
    'test/config/options',
    'moves from HS256 over RS256 to ES256 without logging anybody out',
  ],
  [
    'W46',
    'migrations that need tables of the application',
    'test/storage/migrations',
    'leaves no difference to the entities, %s',
  ],
  [
    'W46',
    'ids of one type only, short columns',
    'test/storage/repositories',
    'hands a client back as it was stored, emoji and long values included',
  ],
  [
    'W47',
    'HTTPS rule blind to proxies',
    'test/config/options',
    'may be ended by a proxy that says how the client came',
  ],
  [
    'W47',
    'plain http at endpoints in production',
    'test/config/options',
    'is required of every endpoint that sees a credential',
  ],
  [
    'W48',
    'arrays and objects as parameters',
    'test/clients/registration',
    'answers wrong methods, broken bodies and odd parameters with a 4xx of its own shape',
  ],
  [
    'W49',
    'helpers that are routable actions',
    'test/http/headers',
    'are its endpoints and nothing else: no helper can be called from outside',
  ],
  [
    'W50',
    'consent without host, user and resource',
    'test/pages/browser',
    'lead from login over consent back to the client, with what was left ticked',
  ],
  ['W50', 'consent that needs JavaScript', 'test/pages/browser', 'work without JavaScript'],
  [
    'W51',
    'an empty path, documentation URLs glued together',
    'test/discovery/discovery',
    'the documentation of the resource',
  ],
  [
    'W52',
    'no scope in the answer that asks for more',
    'test/resource/gate',
    'answers a missing scope with 403 that names it',
  ],
  [
    'W52',
    'unused clients stay for ever',
    'test/storage/repositories',
    'marks an unused client first, deletes it later, and never one with a grant',
  ],
  [
    'W53',
    'failed validations are logged where nobody looks',
    'test/audit/secrets',
    'Token validation failed',
  ],
  [
    'W53',
    'routes that are said to be protected and are not',
    'test/resource/gate',
    'is not reached without a token as %s',
  ],
  [
    'W54',
    'state of the grace period lost on revocation',
    'test/flow/token-endpoint',
    'honours the predecessor in the grace period, but not after a revocation',
  ],
  [
    'W54',
    'a theft ends every grant of the user and client',
    'test/flow/token-endpoint',
    'ends the replayed grant alone: another of the same user and client goes on',
  ],
];

describe('the weaknesses of the gem', () => {
  it('have a line each', () => {
    const ids = [...new Set(WEAKNESSES.map(([id]) => id))];
    expect(ids).toEqual(Array.from({ length: 54 }, (_, index) => `W${index + 1}`));
  });

  it.each(WEAKNESSES)('%s, %s: watched by %s', (_id, _weakness, file, test) => {
    expect(sourceOfTest(file)).toContain(test);
  });
});
