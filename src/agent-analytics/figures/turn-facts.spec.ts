import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Turn } from './transcript.js';
import { turnFacts } from './turn-facts.js';

const choice = fc.record({ key: fc.constantFrom('A', 'B', 'C'), title: fc.string() });
const turns: fc.Arbitrary<Turn[]> = fc
  .array(
    fc.record({
      restMs: fc.integer({ min: 200, max: 90_000 }),
      latencyMs: fc.nat(60_000),
      offered: fc.uniqueArray(choice, { selector: ({ key }) => key, maxLength: 3 }),
      picked: fc.option(choice),
      player: fc.option(fc.string()),
    }),
    { maxLength: 8 },
  )
  .map((given) => {
    let atMs = 0;
    return given.map(({ restMs, ...turn }, index) => {
      const startedMs = atMs;
      atMs += turn.latencyMs + restMs;
      return {
        ...turn,
        ordinal: index + 1,
        startedMs,
        startedText: '',
        chapter: null,
        lines: [],
        costUsd: 0,
        totalTokens: 0,
      };
    });
  });

describe('facts of turns', () => {
  it('fill the time from the first act to the last answer', () => {
    fc.assert(
      fc.property(turns, (given) => {
        const facts = turnFacts(given);
        const filled = facts.reduce((sum, { latencyMs, restMs }) => sum + latencyMs + (restMs ?? 0), 0);
        const last = given.at(-1);
        expect(filled).toBe(last === undefined ? 0 : last.startedMs + last.latencyMs);
        expect(facts.map(({ restMs }) => restMs === null)).toEqual(given.map((turn) => turn === last));
      }),
    );
  });

  it('name a pick only of what was offered, by the turn that offered it', () => {
    fc.assert(
      fc.property(turns, (given) => {
        for (const [index, { pickedKey, offered }] of turnFacts(given).entries()) {
          const next = given[index + 1]?.picked?.key ?? null;
          const isOffered = offered.some(({ key }) => key === next);
          expect(pickedKey).toBe(isOffered ? next : null);
        }
      }),
    );
  });

  it('hold no word of a player', () => {
    const [turn] = fc.sample(
      turns.filter(({ length }) => length > 0),
      { numRuns: 1, seed: 1 },
    )[0]!;
    expect(JSON.stringify(turnFacts([{ ...turn!, player: 'a secret' }]))).not.toContain('a secret');
  });
});
