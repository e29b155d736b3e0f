import { describeCrashes } from './support/describe-crashes.js';

// The short form; `npm run crashes` has the long one.
describeCrashes({ kills: 3, databaseCrashes: 1, seed: 1 });
