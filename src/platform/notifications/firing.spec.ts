import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FiredState, nextStep, type Verdict } from './firing.js';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 2, 1);
const moments = fc.array(
  fc.record({
    verdict: fc.constantFrom<Verdict>('holds', 'missed', 'clear'),
    laterMs: fc.integer({ min: 0, max: 10 * HOUR_MS }),
  }),
  { maxLength: 60 },
);
const silences = fc.option(fc.integer({ min: 0, max: 20 * HOUR_MS }), { nil: null });

interface Moment {
  verdict: Verdict;
  atMs: number;
  isFiring: boolean;
}

/** @param asked how often each moment is evaluated */
function walk(
  steps: readonly { verdict: Verdict; laterMs: number }[],
  silenceMs: number | null,
  asked = 1,
): Moment[] {
  let [state, atMs] = [undefined as FiredState | undefined, NOW_MS];
  return steps.map(({ verdict, laterMs }) => {
    atMs += laterMs;
    let isFiring = false;
    for (let turn = 0; turn < asked; turn += 1) {
      const step = nextStep(state, verdict, atMs, silenceMs);
      state = step.state;
      isFiring = isFiring || step.isFiring;
      if (turn > 0) expect(step.isFiring).toBe(false);
    }
    return { verdict, atMs, isFiring };
  });
}

describe('an alert', () => {
  it('fires exactly when the rule becomes true and was armed: missed by the margin since, or missed and long silent', () => {
    fc.assert(
      fc.property(moments, silences, (steps, silenceMs) => {
        const walked = walk(steps, silenceMs);
        walked.forEach(({ verdict, atMs, isFiring }, index) => {
          const before = walked.slice(0, index);
          const last = before.findLastIndex((moment) => moment.isFiring);
          const since = before.slice(last + 1);
          const isEdge = last === -1 || before.at(-1)!.verdict !== 'holds';
          const isClear = since.some((moment) => moment.verdict === 'clear');
          const isSilent = silenceMs !== null && last !== -1 && atMs - walked[last]!.atMs >= silenceMs;
          expect(isFiring).toBe(verdict === 'holds' && isEdge && (last === -1 || isClear || isSilent));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is the same however often it is asked at one moment', () => {
    fc.assert(
      fc.property(moments, silences, (steps, silenceMs) => {
        expect(walk(steps, silenceMs, 3)).toEqual(walk(steps, silenceMs));
      }),
    );
  });

  it('whose price merely grows old stays as it is, and does not fire at each sighting', () => {
    const sightings = Array.from({ length: 40 }, (_, index) => ({
      verdict: index % 2 === 0 ? ('holds' as const) : ('aged' as const),
      laterMs: 30 * HOUR_MS,
    }));
    for (const silenceMs of [null, 0, 24 * HOUR_MS])
      expect(walk(sightings, silenceMs).filter(({ isFiring }) => isFiring)).toHaveLength(1);
  });

  it('that trembles within the margin fires once in a time of silence', () => {
    const trembling = Array.from({ length: 40 }, (_, index) => ({
      verdict: index % 2 === 0 ? ('holds' as const) : ('missed' as const),
      laterMs: HOUR_MS,
    }));
    expect(walk(trembling, null).filter(({ isFiring }) => isFiring)).toHaveLength(1);
    expect(walk(trembling, 24 * HOUR_MS).filter(({ isFiring }) => isFiring)).toHaveLength(2);
  });
});
