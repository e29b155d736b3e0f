import { describeCrashes } from './support/describe-crashes.js';

describeCrashes({
  kills: Number(process.env.KILLS ?? 50),
  databaseCrashes: 4,
  seed: Number(process.env.SEED ?? 1),
});
