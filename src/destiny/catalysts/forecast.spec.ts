import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Move, forecastOf } from './forecast.js';
import type { CatalystState, CatalystStatus, ObjectiveStatus } from './judge-catalyst.js';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 5, 9);
const TARGET = 500;

function statusOf(state: CatalystState, given: readonly Partial<ObjectiveStatus>[]): CatalystStatus {
  const objectives = given.map((one, index) => ({
    objectiveHash: index + 1,
    text: null,
    progress: 0,
    target: TARGET,
    ratio: 0,
    isComplete: false,
    isVisible: true,
    ...one,
  }));
  return { recordHash: 7, state, pct: 0, objectives };
}

/** An evening a day, each with so much progress. @param gains of each day */
function movesOf(objectiveHash: number, gains: readonly number[]): Move[] {
  let progress = 0;
  return [0, ...gains].map((gain, day) => {
    progress += gain;
    return { objectiveHash, progress, mintedAt: new Date(START + day * DAY_MS), minutesPlayed: 120 * day };
  });
}
const lookAfter = (days: number): { atMs: number; minutesPlayed: number } => ({
  atMs: START + days * DAY_MS,
  minutesPlayed: 120 * days,
});
const gains = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 30 });
const done = (days: readonly number[]): number => days.reduce((sum, gain) => sum + gain, 0);

describe('a forecast', () => {
  it('of what is complete is that, whatever its objectives say', () => {
    fc.assert(
      fc.property(gains, (days) => {
        const status = statusOf('complete', [{ progress: 3 }]);
        const forecast = forecastOf(status, movesOf(1, days), lookAfter(days.length));
        expect(forecast).toEqual({ eta: { state: 'complete' }, objectives: [] });
      }),
    );
  });

  it('is of the objectives that are open and seen; inserting is left out', () => {
    const status = statusOf('in_progress', [
      { text: 'Insert the Catalyst' },
      { isComplete: true },
      { isVisible: false },
      { progress: 499 },
      { progress: null, target: null },
    ]);
    const { objectives } = forecastOf(status, [], lookAfter(1));
    expect(objectives.map(({ objectiveHash, remaining }) => [objectiveHash, remaining])).toEqual([
      [4, 1],
      [5, null],
    ]);
  });

  it('leaves never less than nothing, also above the target and below zero', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: -1_000, max: 5_000 }), { nil: null }), (progress) => {
        const { objectives } = forecastOf(statusOf('in_progress', [{ progress }]), [], lookAfter(1));
        const { remaining } = objectives[0]!;
        expect(remaining).toBe(Math.min(TARGET, Math.max(0, TARGET - Math.max(0, progress ?? 0))));
      }),
    );
  });

  it('of each objective depends on its own moves alone', () => {
    fc.assert(
      fc.property(gains, gains, (own, others) => {
        const status = statusOf('in_progress', [{ progress: done(own) }, { progress: done(others) }]);
        const look = lookAfter(Math.max(own.length, others.length));
        const mixed = [...movesOf(1, own), ...movesOf(2, others)].sort((a, b) => +a.mintedAt - +b.mintedAt);
        const both = forecastOf(status, mixed, look);
        const alone = forecastOf(status, movesOf(1, own), look);
        expect(both.objectives[0]).toEqual(alone.objectives[0]);
      }),
    );
  });

  it('of all is that of the objective which takes longest', () => {
    fc.assert(
      fc.property(gains, gains, (first, second) => {
        const status = statusOf('in_progress', [{ progress: done(first) }, { progress: done(second) }]);
        const look = lookAfter(Math.max(first.length, second.length));
        const { eta, objectives } = forecastOf(status, [...movesOf(1, first), ...movesOf(2, second)], look);
        expect(objectives.map((each) => each.eta)).toContainEqual(eta);
        for (const { eta: one } of objectives)
          if (one.state === 'estimated' && eta.state === 'estimated')
            expect(eta.days.mid).toBeGreaterThanOrEqual(one.days.mid);
      }),
    );
  });

  it('is later when less was done', () => {
    fc.assert(
      fc.property(gains, fc.integer({ min: 1, max: 100 }), (days, less) => {
        const look = lookAfter(days.length);
        const left = (progress: number): number => {
          const { eta } = forecastOf(statusOf('in_progress', [{ progress }]), movesOf(1, days), look);
          if (eta.state !== 'estimated') throw new Error(eta.state);
          return eta.days.mid;
        };
        expect(left(done(days) - less)).toBeGreaterThanOrEqual(left(done(days)));
      }),
    );
  });

  it('is none without history, and none of one that stands still while its player plays', () => {
    const status = statusOf('in_progress', [{ progress: 30 }]);
    expect(forecastOf(status, [], lookAfter(1)).eta).toEqual({ state: 'unknown', reason: 'no_history' });
    expect(forecastOf(statusOf('in_progress', []), [], lookAfter(1)).eta).toEqual({
      state: 'unknown',
      reason: 'no_history',
    });
    expect(forecastOf(status, movesOf(1, [10, 10, 10]), lookAfter(20)).eta).toEqual({
      state: 'stalled',
      sinceMs: START + 3 * DAY_MS,
    });
  });
});
