import type { Watched } from '../support/watched.js';

/** What holds at all times, by the numbers of the design: the test that fails when it does not. */
export const INVARIANTS: Watched[] = [
  ['1', 'a code is spent once', 'test/flow/spent-once', 'redeems a code once of twenty times'],
  [
    '1',
    'a generation is spent once',
    'test/flow/spent-once',
    'gives twenty parallel refreshes the same successor',
  ],
  ['1', 'on every database', 'test/storage/repositories', 'lets one of twenty parallel redemptions win'],
  [
    '1',
    'on every database',
    'test/storage/repositories',
    'lets one of twenty parallel rotations of a generation win',
  ],
  [
    '2',
    'what was answered survives kill -9',
    'test/attacks/durability',
    'has kept what it answered with 200',
  ],
  [
    '2',
    'in several processes',
    'test/quickstart/quickstart',
    'loses no acknowledged write when three processes hammer one file',
  ],
  [
    '3',
    'nothing readable lets anyone act',
    'test/audit/secrets',
    'leaves no code, token, secret or verifier',
  ],
  [
    '3',
    'a stored digest is no credential',
    'test/clients/registration',
    'stores no secret, and takes no stored digest for one',
  ],
  [
    '4',
    'no redirect before client and URI are verified',
    'test/attacks/redirects',
    'before client and redirect URI are verified',
  ],
  [
    '4',
    'then every error goes back with state and iss',
    'test/flow/authorize',
    'redirects an error with state and iss for %s',
  ],
  [
    '5',
    'no code without this user’s consent',
    'test/attacks/consent',
    'are answered by whom they were shown to',
  ],
  [
    '5',
    'in this browser',
    'test/flow/authorize',
    'is refused for another browser, another user, a foreign origin and a forged ticket',
  ],
  ['5', 'to exactly this request', 'test/flow/authorize', 'cannot be changed by other posted fields'],
  [
    '6',
    'granted is within what was shown',
    'lib/authorization/effective-scope',
    'are never more than was shown',
  ],
  [
    '6',
    'and within what the user may have',
    'test/config/options',
    'is enforced when the page is shown, when it is answered and at every refresh',
  ],
  [
    '6',
    'and never grows',
    'test/attacks/grants',
    'grow in neither scope nor resource, whatever is asked along with them',
  ],
  [
    '7',
    'a token is for its aud alone',
    'test/attacks/tokens',
    'is for exactly one resource, compared character by character',
  ],
  ['7', 'only at+jwt is an access token', 'test/attacks/tokens', 'is nothing but at+jwt'],
  [
    '8',
    'malformed input gets a 4xx in the endpoint’s shape',
    'test/fuzz/campaign',
    'get an answer of their shape from $name, and nothing breaks',
  ],
  ['8', 'of every kind', 'test/attacks/requests', 'with a body of %s get a 4xx of the endpoint'],
  [
    '9',
    'credentials are never cached',
    'test/http/headers',
    'let no cache keep an answer that carries a credential',
  ],
  [
    '9',
    'pages are never framed',
    'test/attacks/pages',
    'refuse frames, scripts and foreign content, errors of every kind included',
  ],
  [
    '10',
    'clients with a live grant stay',
    'test/storage/repositories',
    'marks an unused client first, deletes it later, and never one with a grant',
  ],
  [
    '10',
    'an unused one is marked first',
    'test/maintenance/cleanup',
    'removes what can no longer matter, never what is alive, and says so',
  ],
];
