import { describeGrowth } from './support/describe-growth.js';

// A smaller form; `npm run growth` has the full one.
describeGrowth({ clients: 20_000, living: 200_000, dead: 20_000 });
