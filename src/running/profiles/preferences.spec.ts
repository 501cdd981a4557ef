import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedKeys, DEFAULT_PREFERENCES, heartRateOutOfOrder, withChange } from './preferences.js';

const rate = fc.option(fc.integer({ min: 20, max: 240 }));

describe('preferences', () => {
  it('share nothing until somebody says so', () => {
    expect(DEFAULT_PREFERENCES).toMatchObject({ privacyProfile: 'private', privacyRuns: 'private' });
  });

  it('change in what is said, null included, and in nothing else', () => {
    const before = { ...DEFAULT_PREFERENCES, sex: 'male', maxHeartRateBpm: 190 } as const;
    const after = withChange(before, { sex: null, privacyRuns: 'public', gpsAccuracy: undefined });
    expect(after).toEqual({ ...before, sex: null, privacyRuns: 'public' });
    expect(changedKeys(before, after)).toEqual(['privacyRuns', 'sex']);
    expect(withChange(before, {})).toEqual(before);
  });

  it('have heart rates that rise from rest over threshold to maximum, as far as they are known', () => {
    fc.assert(
      fc.property(rate, rate, rate, (restingHeartRateBpm, thresholdHeartRateBpm, maxHeartRateBpm) => {
        const known = [restingHeartRateBpm, thresholdHeartRateBpm, maxHeartRateBpm].filter(
          (one) => one !== null,
        );
        const rises = known.every((one, index) => index === 0 || known[index - 1]! < one);
        const preferences = {
          ...DEFAULT_PREFERENCES,
          restingHeartRateBpm,
          thresholdHeartRateBpm,
          maxHeartRateBpm,
        };
        return (heartRateOutOfOrder(preferences) === null) === rises;
      }),
    );
  });
});
