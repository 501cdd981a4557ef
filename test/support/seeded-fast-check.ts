import { jest } from '@jest/globals';
import fc from '../../node_modules/fast-check/lib/fast-check.js';

// What jest gives specs as `fast-check` (jest.config.mjs): the library, with the seed of the whole run. A failure is found again by
// `GUILDHALL_TEST_SEED`, and by a second run of the same file. Whoever fails looks for a smaller example for two minutes and no longer:
// a long text that is taken down letter by letter once held a whole build for half an hour.

fc.configureGlobal({ seed: jest.getSeed(), interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true });

// The library's own default export, which is how the specs know it.
export { default } from '../../node_modules/fast-check/lib/fast-check.js';
