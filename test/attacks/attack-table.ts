import type { Watched } from '../support/watched.js';
import { AUTHORIZATION_ATTACKS } from './authorization-attacks.js';
import { PROTOCOL_ATTACKS } from './protocol-attacks.js';

/** Attacks on what this server does not offer yet; they come with it. */
export const NOT_HERE_YET: [id: string, what: string][] = [
  ['1', 'upstream state of a proxy: there is no proxy to another authorization server'],
  ['23', 'requests to a URL that a client chose: there are no client metadata documents'],
  ['24', 'impersonation by a client metadata document: there are none'],
  ['25', 'client metadata documents as an amplifier: there are none'],
  ['34', 'client assertions: private_key_jwt is not offered'],
  ['35', 'identity assertions (ID-JAG): not offered'],
  ['38', 'guessing of user codes: the device flow is not offered'],
  ['39', 'phishing by the device flow: not offered'],
];

/** By the numbers of the list of attacks. */
export const ATTACKS: Watched[] = [...AUTHORIZATION_ATTACKS, ...PROTOCOL_ATTACKS];

/** Checks that catalogues of authorization servers add, and those of the guard itself. */
export const CATALOGUE: Watched[] = [
  ['parameters', 'the same one twice', 'test/attacks/clients', 'send each parameter once, and as text'],
  [
    'redirect URI',
    'confused or missing at the token endpoint',
    'test/attacks/redirects',
    'of the code are asked for again at the token endpoint',
  ],
  ['code', 'in the fragment', 'test/attacks/redirects', 'expect(redirect.hash)'],
  [
    'codes',
    'exchanged in parallel, and what came of the first',
    'test/flow/spent-once',
    'kills its tokens since the others were replays',
  ],
  [
    'refresh tokens',
    'in parallel',
    'test/flow/spent-once',
    'gives twenty parallel refreshes the same successor',
  ],
  [
    'refresh tokens',
    'bound to their client',
    'test/flow/token-endpoint',
    'binds a refresh token to its client',
  ],
  [
    'credentials',
    'in the URL',
    'test/flow/token-endpoint',
    'takes nothing from the URL, where it would end up in logs',
  ],
  [
    'headers',
    'no-store and Pragma',
    'test/http/headers',
    'let no cache keep an answer that carries a credential',
  ],
  [
    'revocation',
    'cascades from refresh to access',
    'test/resource/revocation',
    'reaches the other for a grant',
  ],
  [
    'revocation',
    'of an access token spares its grant',
    'test/resource/revocation',
    'reaches the other for one access token, and spares its grant',
  ],
  ['entropy', 'of codes, tokens and secrets', 'test/attacks/grants', 'cannot be guessed'],
  ['guard', 'other spellings of a path', 'test/resource/gate', 'is not reached without a token as %s'],
  [
    'guard',
    'other spellings of any path',
    'lib/resource/resource-path',
    'holds for every mixture of cases, escapes, doubled slashes and dots',
  ],
  ['guard', 'HEAD and OPTIONS', 'test/resource/gate', 'answers %s with 401 before any 404 or 405'],
  [
    'guard',
    'another version or prefix',
    'test/attacks/guard',
    'needs a token under every version and prefix',
  ],
];
