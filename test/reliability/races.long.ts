import { describeRaces } from './support/describe-races.js';

describeRaces({ rounds: Number(process.env.ROUNDS ?? 100), parallel: 50 });
