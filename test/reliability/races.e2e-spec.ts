import { describeRaces } from './support/describe-races.js';

// The short form; `npm run races` has the long one.
describeRaces({ rounds: 3, parallel: 50 });
