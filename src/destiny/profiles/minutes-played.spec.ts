import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minutesPlayedSoFar } from './minutes-played.js';

const HOUR_MS = 3_600_000;
const of = (minutes: Record<string, number>): { characterId: string; minutesPlayed: number }[] =>
  Object.entries(minutes).map(([characterId, minutesPlayed]) => ({ characterId, minutesPlayed }));
const characters = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(100_000), { maxKeys: 3 })
  .map((minutes) => of({ ...minutes }));

describe('minutes played', () => {
  it('are the sum at first, and never fall', () => {
    fc.assert(
      fc.property(characters, fc.array(characters, { maxLength: 8 }), (first, readings) => {
        let known = { minutesPlayed: 0, characters: [] as typeof first };
        let total = minutesPlayedSoFar(known, first, null);
        expect(total).toBe(first.reduce((sum, { minutesPlayed }) => sum + minutesPlayed, 0));
        known = { minutesPlayed: total, characters: first };
        for (const reading of readings) {
          total = minutesPlayedSoFar(known, reading, HOUR_MS);
          expect(total).toBeGreaterThanOrEqual(known.minutesPlayed);
          known = { minutesPlayed: total, characters: reading };
        }
      }),
    );
  });

  it('grow by what was played although a character is deleted', () => {
    const before = { minutesPlayed: 1_500, characters: of({ a: 1_000, b: 500 }) };
    expect(minutesPlayedSoFar(before, of({ a: 1_030 }), HOUR_MS)).toBe(1_530);
    const after = { minutesPlayed: 1_530, characters: of({ a: 1_030 }) };
    expect(minutesPlayedSoFar(after, of({ a: 1_030, c: 20 }), HOUR_MS)).toBe(1_550);
  });

  it('do not count a character twice that was missing from one answer', () => {
    const before = { minutesPlayed: 1_500, characters: of({ a: 1_000 }) };
    expect(minutesPlayedSoFar(before, of({ a: 1_000, b: 510 }), HOUR_MS)).toBe(1_560);
  });

  it('stay where no characters came', () => {
    const before = { minutesPlayed: 1_500, characters: of({ a: 1_500 }) };
    expect(minutesPlayedSoFar(before, [], HOUR_MS)).toBe(1_500);
  });
});
