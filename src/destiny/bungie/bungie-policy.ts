import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { judgeAnswer } from './read-envelope.js';

/**
 * Bungie blocks an address that calls more than 25 times a second, averaged over any ten seconds. Four tokens that come back within
 * 165 ms are at most 246 calls in ten seconds, wherever these begin, and 97 % of what is allowed: the other four are for calls that
 * arrive closer together than they were sent. All processes share them, sign-in included.
 */
export const BUNGIE = defineProvider({
  provider: 'bungie',
  connectTimeoutMs: 5_000,
  totalTimeoutMs: 10_000,
  // A full vault with all its choices of perks is about 10 MB.
  mostResponseBytes: 32 * 1_024 * 1_024,
  mostTries: 2,
  breaker: { failures: 10, halfOpenMs: 15_000 },
  mostParallel: 24,
  mostWaiting: 200,
  budgets: [{ name: 'address', limit: 4, windowMs: 165, shape: 'bucket' }],
  mostBudgetWaitMs: 4_000,
  judge: judgeAnswer,
});
