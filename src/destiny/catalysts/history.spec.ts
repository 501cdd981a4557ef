import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Move } from './forecast.js';
import { thinMoves } from './history.js';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 5, 9);
const moves: fc.Arbitrary<Move[]> = fc
  .array(
    fc.record({ objectiveHash: fc.integer({ min: 1, max: 3 }), hours: fc.nat(200), progress: fc.nat(700) }),
    {
      maxLength: 40,
    },
  )
  .map((given) =>
    given
      .sort((a, b) => a.hours - b.hours)
      .map(({ objectiveHash, hours, progress }) => ({
        objectiveHash,
        mintedAt: new Date(START + hours * HOUR_MS),
        progress,
        minutesPlayed: hours,
      })),
  );
const dayOf = ({ mintedAt }: Move): number => Math.floor(mintedAt.getTime() / (24 * HOUR_MS));

describe('a series', () => {
  it('without buckets is as it was written', () => {
    fc.assert(fc.property(moves, (rows) => expect(thinMoves(rows, 'none')).toEqual(rows)));
  });

  it('of days holds the last move of each objective on each day, oldest first', () => {
    fc.assert(
      fc.property(moves, (rows) => {
        const isLast = (row: Move, index: number): boolean =>
          !rows
            .slice(index + 1)
            .some((later) => later.objectiveHash === row.objectiveHash && dayOf(later) === dayOf(row));
        expect(thinMoves(rows, 'day')).toEqual(rows.filter(isLast));
      }),
    );
  });

  it('that was thinned is not thinned further, and ends where it ended', () => {
    fc.assert(
      fc.property(moves, (rows) => {
        const once = thinMoves(rows, 'day');
        expect(thinMoves(once, 'day')).toEqual(once);
        expect(once.at(-1)).toEqual(rows.at(-1));
      }),
    );
  });
});
