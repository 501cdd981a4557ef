import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CohortReturn, type CohortStart, cohortsOf } from './cohorts.js';

const LAST_WEEK = 6;
/** Players with the weeks in which they played, the first of which is when they began. */
const players = fc.array(
  fc.record({
    key: fc.option(fc.constantFrom('a', 'b')),
    weeks: fc.uniqueArray(fc.integer({ min: 0, max: LAST_WEEK }), { minLength: 1, maxLength: 5 }),
  }),
  { maxLength: 30 },
);

describe('cohorts', () => {
  it('tell of each week who came back, of those for whom it has begun', () => {
    fc.assert(
      fc.property(players, fc.integer({ min: 1, max: 8 }), (given, mostWeeks) => {
        const seen = given.map(({ key, weeks }) => ({ key, weeks, first: Math.min(...weeks) }));
        const starts = seen.map(({ key, first }): CohortStart => ({ key, week: first, playerCount: 1 }));
        const returns = seen.flatMap(({ key, weeks, first }) =>
          weeks.map((week): CohortReturn => ({ key, week: week - first, playerCount: 1 })),
        );
        const cohorts = cohortsOf(['a', 'b', null], starts, returns, LAST_WEEK, mostWeeks);
        for (const { key, playerCount, weeks } of cohorts) {
          const own = seen.filter((player) => player.key === key);
          expect(playerCount).toBe(own.length);
          expect(weeks.map(({ week }) => week)).toEqual(Array.from({ length: mostWeeks + 1 }, (_, n) => n));
          for (const { week, playerCount: asked, returnedCount, returnedRatio } of weeks) {
            expect(asked).toBe(own.filter(({ first }) => first + week <= LAST_WEEK).length);
            expect(returnedCount).toBe(
              own.filter((player) => player.weeks.includes(player.first + week)).length,
            );
            expect(returnedRatio).toBe(asked === 0 ? null : returnedCount / asked);
          }
          // In the week of their first play everybody has come.
          expect(weeks[0]!.returnedCount).toBe(playerCount);
        }
      }),
    );
  });
});
