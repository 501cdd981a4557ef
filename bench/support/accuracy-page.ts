import { SeededRandom } from '../../src/market/simulation/random.js';
import { hillyPace, LINES, runAlong } from '../../test/factories/generated-tracks.js';
import type { GpxData } from '../../test/support/gpx-data.js';
import { LEVELS_M, type Method, replay, type Run, type Trial, trialOf } from './gap-trials.js';
import { quantile } from './statistics.js';

// The rows of docs/ghost-accuracy.md. Each row is a function of one run and the seeds, so that a test makes a few of them anew and finds
// out whether the page still says what the rules do.

export const PAGE = 'docs/ghost-accuracy.md';
/** Of the page; `npm run bench -- ghost-accuracy --seed` takes others. */
export const PAGE_SEEDS = [1, 2, 3] as const;

export interface TrialFigures {
  readonly trial: Trial;
  /** Runs by noise level. */
  readonly runs: ReadonlyMap<number, readonly Run[]>;
  /** Of the race against oneself as recorded. */
  readonly self: Run;
}

export function figuresOf(
  trial: Trial,
  seeds: readonly number[],
  options: { references: boolean; official: boolean },
): TrialFigures {
  const runs = new Map<number, Run[]>();
  for (const sdM of LEVELS_M) {
    runs.set(
      sdM,
      seeds.map((seed) => replay(trial, sdM, seed, options)),
    );
  }
  return { trial, runs, self: replay(trial, 0, 0, options) };
}

/** `| name | km | m/s | 3 m | 6 m | 12 m | itself |`, each `median / p95` in seconds. */
export function rowOf({ trial, runs, self }: TrialFigures): string {
  const km = trial.curve.distanceM.at(-1)! / 1000;
  const mps = (km * 1e6) / trial.curve.movingMs.at(-1)!;
  const cells = LEVELS_M.map((sdM) => pairOf(errorsOf(runs.get(sdM)!, 'ours')));
  return `| ${[trial.name, km.toFixed(1), mps.toFixed(1), ...cells, pairOf(self.errors.ours)].join(' | ')} |`;
}

export function errorsOf(runs: readonly Run[], method: Method): number[] {
  return runs.flatMap(({ errors }) => errors[method]);
}

export function pairOf(errors: readonly number[]): string {
  if (errors.length === 0) return '-';
  return `${quantile(errors, 0.5).toFixed(2)} / ${quantile(errors, 0.95).toFixed(2)}`;
}

/** Numbers of two rows differ by no more than what another processor may round otherwise. */
export function isSameRow(one: string, other: string): boolean {
  const parts = (row: string): string[] => row.split(/[|/]/).map((part) => part.trim());
  const [a, b] = [parts(one), parts(other)];
  return (
    a.length === b.length &&
    a.every((part, index) => {
      const [left, right] = [Number(part), Number(b[index])];
      if (Number.isNaN(left) || Number.isNaN(right)) return part === b[index];
      return Math.abs(left - right) <= 0.05 + 0.05 * Math.abs(right);
    })
  );
}

/** One run over each kind of line that confuses a projection; no shared data is needed for them. */
export function generatedTrials(): Trial[] {
  return Object.values(LINES).map((make, index) => {
    const random = new SeededRandom(7, index, 11);
    const line = make(random);
    const { track, pauses } = runAlong(line, { pace: hillyPace(random, 3.4) });
    return trialOf(`generated: ${line.name}`, track, pauses)!;
  });
}

/** Every recording that can be raced against itself, shortest first. */
export function realTrials(data: GpxData): Trial[] {
  return data.names
    .flatMap(
      (name) => trialOf(name.replace(/\.(gpx|tcx)(\.gz)?$/i, ''), data.track(name), data.pauses(name)) ?? [],
    )
    .sort((a, b) => a.track.length - b.track.length);
}
