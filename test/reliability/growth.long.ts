import { describeGrowth } from './support/describe-growth.js';

describeGrowth({ clients: 100_000, living: 1_000_000, dead: 500_000 });
