import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALYST_STATES } from './judge-catalyst.js';
import { type NoticedStatus, noticeSteps, stallNotice } from './notice-steps.js';

const at = (state: NoticedStatus['state'], pct = 0): NoticedStatus => ({
  recordHash: 7,
  state,
  pct: state === 'complete' ? 100 : pct,
});
const stepsBetween = (before: NoticedStatus | null, after: NoticedStatus): string[] =>
  noticeSteps(before, after).map(({ step }) => step);

const status = fc
  .tuple(fc.constantFrom(...CATALYST_STATES), fc.integer({ min: 0, max: 99 }))
  .map(([state, pct]) => at(state, pct));

describe('notices', () => {
  it.each([
    ['first sight', null, at('complete'), []],
    ['found', at('not_found'), at('in_progress', 0), ['found']],
    ['found when it came out of hiding', at('hidden'), at('in_progress', 10), ['found']],
    ['half', at('in_progress', 49.9), at('in_progress', 50), ['half']],
    ['half once', at('in_progress', 50), at('in_progress', 89), []],
    ['near', at('in_progress', 50), at('in_progress', 90), ['near']],
    ['near alone when half was passed too', at('in_progress', 10), at('in_progress', 95), ['near']],
    ['complete', at('in_progress', 99.9), at('complete'), ['complete']],
    [
      'complete alone when it was found and done between two looks',
      at('not_found'),
      at('complete'),
      ['complete'],
    ],
    ['found by its insertion, at half', at('not_found'), at('in_progress', 50), ['found', 'half']],
    ['nothing while the record is gone', at('unknown'), at('complete'), []],
    ['nothing when the record goes', at('complete'), at('unknown'), []],
    ['nothing backwards', at('in_progress', 90), at('in_progress', 40), []],
    ['nothing twice', at('complete'), at('complete'), []],
  ] as const)('%s', (_, before, after, expected) => {
    expect(stepsBetween(before, after)).toEqual(expected);
  });

  it('have keys that only record and step decide, so that a store tells each once', () => {
    expect(noticeSteps(at('in_progress', 10), at('in_progress', 60))).toEqual([
      { recordHash: 7, step: 'half', key: 'catalyst/7/half', pct: 60 },
    ]);
    fc.assert(
      fc.property(fc.array(status, { maxLength: 20 }), (walk) => {
        const told = new Set<string>();
        walk.forEach((after, index) => {
          for (const { key } of noticeSteps(walk[index - 1] ?? null, after)) told.add(key);
        });
        expect(told.size).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('the same status twice says nothing', () => {
    fc.assert(fc.property(status, (same) => expect(noticeSteps(same, same)).toEqual([])));
  });
});

describe('a stall', () => {
  const sinceMs = Date.UTC(2026, 4, 3, 22);

  it('is told once per time that the catalyst stood still', () => {
    const first = stallNotice(at('in_progress', 40), sinceMs);
    expect(first).toEqual({ recordHash: 7, step: 'stalled', key: 'catalyst/7/stalled/2026-05-03', pct: 40 });
    expect(stallNotice(at('in_progress', 40), sinceMs)).toEqual(first);
    expect(stallNotice(at('in_progress', 60), sinceMs + 40 * 86_400_000)?.key).not.toBe(first?.key);
  });

  it('is none of what is not in progress, or moves', () => {
    expect(stallNotice(at('in_progress', 40), null)).toBeNull();
    for (const state of CATALYST_STATES.filter((each) => each !== 'in_progress'))
      expect(stallNotice(at(state), sinceMs)).toBeNull();
  });
});
