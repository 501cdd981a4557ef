import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  errorsOf,
  figuresOf,
  generatedTrials,
  isSameRow,
  PAGE,
  PAGE_SEEDS,
  realTrials,
  rowOf,
} from '../../bench/support/accuracy-page.js';
import { race, type Trial } from '../../bench/support/gap-trials.js';
import { quantile } from '../../bench/support/statistics.js';
import { gpxData } from '../support/gpx-data.js';

const OPTIONS = { references: false, official: false };
const page = readFileSync(PAGE, 'utf8').split('\n');
const data = gpxData();
let real: Trial[] | undefined;
/** Read once: making all of them is half of this file's time. */
const realRuns = (): Trial[] => (real ??= realTrials(data!));

/** The page's row of a run, without the spaces that its table is filled up with. */
function shownRow(name: string): string {
  const row = page.find((line) => line.startsWith(`| ${name} `));
  return row === undefined ? `no row of ${name}` : row.replaceAll(/\s+/g, ' ').trim();
}

describe('docs/ghost-accuracy.md', () => {
  it('shows what the rules reach on generated runs: otherwise run `npm run bench -- ghost-accuracy --write`', () => {
    const trials = generatedTrials();
    expect(trials).toHaveLength(6);
    for (const trial of trials) {
      const figures = figuresOf(trial, PAGE_SEEDS, OPTIONS);
      const made = rowOf(figures);
      const shown = shownRow(trial.name);
      expect([made, shown, isSameRow(made, shown)]).toEqual([made, shown, true]);
      for (const [sdM, runs] of figures.runs) {
        expect(runs.every(({ hasStarted }) => hasStarted)).toBe(true);
        // Judging each fix by itself is off by the errors of two: now and at the start.
        const mps = (trial.curve.distanceM.at(-1)! / trial.curve.movingMs.at(-1)!) * 1_000;
        expect(quantile(errorsOf(runs, 'ours'), 0.5)).toBeLessThan((0.674 * Math.SQRT2 * sdM) / mps);
      }
    }
  });

  (data === undefined ? it.skip : it)('shows what they reach on real runs (shared/data/gpx)', () => {
    for (const trial of realRuns().slice(0, 3)) {
      const made = rowOf(figuresOf(trial, PAGE_SEEDS, OPTIONS));
      const shown = shownRow(trial.name);
      expect([made, shown, isSameRow(made, shown)]).toEqual([made, shown, true]);
    }
  });

  (data === undefined ? it.skip : it)(
    'every real run is level with itself to 0.3 s (shared/data/gpx)',
    () => {
      const errors = realRuns()
        .slice(0, 10)
        .flatMap(({ curve, track }) =>
          race(curve, track).flatMap(({ gaps: [gap], state }) =>
            gap!.gapS === null || gap!.isStale || state === 'finished' ? [] : [Math.abs(gap!.gapS)],
          ),
        );
      expect(quantile(errors, 0.95)).toBeLessThanOrEqual(0.3);
    },
  );

  it('compares rows by their numbers', () => {
    const row = '| a | 5.0 | 3.4 | 0.50 / 1.50 | 1.00 / 3.00 | 2.00 / 6.00 | 0.01 / 0.10 |';
    expect(isSameRow(row, row.replace('1.50', '1.53'))).toBe(true);
    expect(isSameRow(row, row.replace('1.50', '1.90'))).toBe(false);
    expect(isSameRow(row, row.replace('| a |', '| b |'))).toBe(false);
    expect(isSameRow(row, 'no row of a')).toBe(false);
  });
});
