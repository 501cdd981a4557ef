import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { tryUserScopes, userScopeSteps } from '../../../test/support/user-scope-trial.js';

describe.each([['none'], ['transaction']] as const)('200 steps of four users with DB_POOLER=%s', (pooler) => {
  let units: TestUnits;

  beforeAll(async () => {
    units = await openUnits({ pooler, poolMax: 2 });
  });

  afterAll(() => units.close());

  it('show each user their own rows only, and leave nothing on any connection', async () => {
    await fc.assert(
      fc.asyncProperty(userScopeSteps, (steps) => tryUserScopes(units, steps)),
      { numRuns: 4, endOnFailure: true },
    );
  }, 120_000);
});
