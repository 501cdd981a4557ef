// how far live and official gaps against ghosts are off under GPS noise, against the distance covered and the nearest place
import { readFileSync, writeFileSync } from 'node:fs';
import { SeededRandom } from '../src/market/simulation/random.js';
import { type GhostCurve, ghostCurveOf } from '../src/running/ghosts/ghost-curve.js';
import { type OfficialResult, officialResult } from '../src/running/races/official-result.js';
import { LINES, noiseOf, reversed, runAlong, withNoise } from '../test/factories/generated-tracks.js';
import { type GpxData, gpxData } from '../test/support/gpx-data.js';
import {
  errorsOf,
  figuresOf,
  generatedTrials,
  PAGE,
  PAGE_SEEDS,
  pairOf,
  realTrials,
  rowOf,
  type TrialFigures,
} from './support/accuracy-page.js';
import { antisymmetry, isRun, LEVELS_M, type Method, race } from './support/gap-trials.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { HELD_OUT_WORLDS, madeCourses, type MadeRaces, racesOf } from './support/made-courses.js';
import { quantile } from './support/statistics.js';

// Each recording is raced against itself with noise (AR(1) with 20 to 40 s of correlation, half a metre of white noise; 3, 6 and 12 m on each
// axis) from as many seeds as there are rounds: the true gap is zero at every fix. The main keys pool all fixes of all real tracks, hikes and
// those that stand half of their time included (of the generated ones where there are none); `runs_*` and `halting_*` are parts of that.
// `made_*` are other worlds than those that rules were chosen with, of all kinds, and `rival_*` two different runners of them. `worst_*` are those of
// the worst track, small ones of which have few fixes. `--write` makes the committed page anew, from seeds of its own.

const PAIR = ['trackeR/2013-06-08-090442.TCX.gz', 'trackeR/2013-06-15-090638.TCX.gz'] as const;
const TWO_RECORDINGS = [
  'sports-lib/samples_gpx_movescount.gpx.gz',
  'sports-lib/samples_gpx_sports-tracker.gpx.gz',
] as const;
const REVERSED_GHOST = 'trackeR/2013-06-14-105252.TCX.gz';
const REVERSED_RUNS = ['trackeR/2013-06-09-165756.TCX.gz', 'trackeR/2013-06-21-174510.TCX.gz'];
const METHODS: readonly Method[] = ['ours', 'distance', 'nearest', 'perfect', 'informed'];

function noiseFigures(all: readonly TrialFigures[]): Figures {
  const figures: Figures = {};
  for (const share of [0.95, 0.5]) {
    for (const method of METHODS) {
      for (const sdM of LEVELS_M) {
        const errors = all.flatMap(({ runs }) => errorsOf(runs.get(sdM)!, method));
        const key = `p${share * 100}_${sdM}m_s`;
        figures[method === 'ours' ? key : `${method}_${key}`] = quantile(errors, share);
      }
    }
  }
  for (const sdM of LEVELS_M) {
    const worst = all
      .map(({ runs }) => errorsOf(runs.get(sdM)!, 'ours'))
      .filter((errors) => errors.length > 0);
    figures[`worst_p95_${sdM}m_s`] = Math.max(...worst.map((errors) => quantile(errors, 0.95)));
  }
  return figures;
}

function selfFigures(all: readonly TrialFigures[]): Figures {
  const runs = all.flatMap(({ runs: levels }) => [...levels.values()].flat());
  const officials = all.flatMap(({ runs: levels }) =>
    levels.get(6)!.flatMap(({ officialS }) => officialS ?? []),
  );
  return {
    self_s: quantile(
      all.flatMap(({ self }) => self.errors.ours),
      0.95,
    ),
    self_worst_track_s: Math.max(...all.map(({ self }) => quantile(self.errors.ours, 0.95))),
    official_p50_6m_s: quantile(officials, 0.5),
    official_p95_6m_s: quantile(officials, 0.95),
    not_started: runs.filter(({ hasStarted }) => !hasStarted).length,
    untold_pct: 100 * mean(runs.map(({ untoldRatio }) => untoldRatio)),
  };
}

/** The same figures of a part of the tracks, below names of their own. */
function partFigures(prefix: string, all: readonly TrialFigures[]): Figures {
  if (all.length === 0) return {};
  return Object.fromEntries(
    Object.entries(noiseFigures(all))
      .filter(([key]) => /^p(95|50)_/.test(key))
      .map(([key, value]) => [`${prefix}_${key}`, value]),
  );
}

/** Of made-up worlds: replays, and rivals whose true gap moves. */
function madeFigures(made: readonly MadeRaces[]): Figures {
  const figures: Figures = {};
  for (const [prefix, of] of [
    ['made', 'replays'],
    ['rival', 'rivals'],
  ] as const) {
    for (const sdM of LEVELS_M) {
      const errors = made.flatMap((races) => races[of].get(sdM)!);
      figures[`${prefix}_p95_${sdM}m_s`] = quantile(errors, 0.95);
      figures[`${prefix}_p50_${sdM}m_s`] = quantile(errors, 0.5);
    }
  }
  return figures;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Point = { clockS: number; gapS: number };

function liveGaps(curve: GhostCurve, track: ReturnType<GpxData['track']>): Point[] {
  return race(curve, track).flatMap(({ clockMs, state, gaps }) => {
    const { gapS, isStale } = gaps[0]!;
    return clockMs === null || gapS === null || isStale || state === 'finished'
      ? []
      : [{ clockS: clockMs / 1000, gapS }];
  });
}

function officialGaps({ gapCurve, startedAtMs }: OfficialResult): Point[] {
  return gapCurve.map(({ tMs, gapS }) => ({ clockS: (tMs - startedAtMs!) / 1000, gapS }));
}

function pairFigures(data: GpxData): Figures {
  const [first, second] = PAIR.map((name) => {
    const track = data.track(name);
    return { track, curve: ghostCurveOf(track, data.pauses(name))! };
  }) as [
    { track: ReturnType<GpxData['track']>; curve: GhostCurve },
    { track: ReturnType<GpxData['track']>; curve: GhostCurve },
  ];
  const there = officialResult(second.track, [], first.curve, { clock: 'elapsed' });
  const back = officialResult(first.track, [], second.curve, { clock: 'elapsed' });
  const live = race(first.curve, second.track).at(-1)!.gaps[0]!;
  return {
    pair_gap_s: there.timeDifferenceS ?? Number.NaN,
    pair_gap_back_s: back.timeDifferenceS ?? Number.NaN,
    pair_gap_live_s: live.gapS ?? Number.NaN,
    pair_antisymmetry_s: quantile(antisymmetry(officialGaps(there), officialGaps(back)), 0.95),
    pair_antisymmetry_live_s: quantile(
      antisymmetry(liveGaps(first.curve, second.track), liveGaps(second.curve, first.track)),
      0.95,
    ),
    ...recordingFigures(data),
  };
}

/** One run by two watches: the gap is zero but for their errors, and for 240 stops that each saw in its own way. */
function recordingFigures(data: GpxData): Figures {
  const [ghost, run] = TWO_RECORDINGS;
  const curve = ghostCurveOf(data.track(ghost), data.pauses(ghost))!;
  const gaps = liveGaps(curve, data.track(run)).map(({ gapS }) => Math.abs(gapS));
  return { recordings_p50_s: quantile(gaps, 0.5), recordings_p95_s: quantile(gaps, 0.95) };
}

/** Races that begin against the direction of their ghost, of how many. */
function falseStarts(data: GpxData | undefined, seeds: readonly number[]): { count: number; tried: number } {
  let [count, tried] = [0, 0];
  const tryAgain = (curve: GhostCurve, track: ReturnType<GpxData['track']>): void => {
    for (const sdM of [0, ...LEVELS_M]) {
      for (const seed of sdM === 0 ? [0] : seeds) {
        const random = new SeededRandom(seed, sdM, 5);
        tried += 1;
        const noisy = sdM === 0 ? track : withNoise(track, noiseOf(sdM, random), random);
        if (race(curve, noisy).some(({ clockMs }) => clockMs !== null)) count += 1;
      }
    }
  };
  for (const name of ['road', 'city', 'hairpins'] as const) {
    const line = LINES[name](new SeededRandom(3, 1, 6));
    const curve = ghostCurveOf(runAlong(line, { pace: () => 3.4 }).track, [])!;
    tryAgain(curve, runAlong(reversed(line), { pace: () => 3.4 }).track);
  }
  if (data === undefined) return { count, tried };
  const curve = ghostCurveOf(data.track(REVERSED_GHOST), data.pauses(REVERSED_GHOST))!;
  for (const name of REVERSED_RUNS) tryAgain(curve, data.track(name));
  return { count, tried };
}

/** The largest step of a gap beyond the clock's own while a ghost stands for ten minutes, raced by itself and by somebody who runs by. */
function pauseStep(seeds: readonly number[]): number {
  const line = LINES.road(new SeededRandom(4, 1, 6));
  const stopped = runAlong(line, { pace: () => 3.4, stops: [{ atM: 1_500, durationS: 600 }] });
  const curve = ghostCurveOf(stopped.track, [])!;
  const runs = [stopped, runAlong(line, { pace: () => 3.4 })];
  const steps = runs.flatMap(({ track }) =>
    seeds.map((seed) => {
      const random = new SeededRandom(seed, 1, 7);
      const gaps = liveGaps(curve, withNoise(track, noiseOf(3, random), random));
      return Math.max(
        ...gaps
          .slice(1)
          .map(({ clockS, gapS }, at) => Math.abs(gapS - gaps[at]!.gapS) - (clockS - gaps[at]!.clockS)),
      );
    }),
  );
  return Math.max(0, ...steps);
}

function printTable(all: readonly TrialFigures[]): void {
  for (const figures of all) console.log(`  ${rowOf(figures)}`);
  for (const method of METHODS) {
    const cells = LEVELS_M.map((sdM) => pairOf(all.flatMap(({ runs }) => errorsOf(runs.get(sdM)!, method))));
    console.log(`  ${method.padEnd(9)} ${cells.join('   ')}`);
  }
}

const HEAD = [
  '| run | km | m/s | 3 m | 6 m | 12 m | itself |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

function table(all: readonly TrialFigures[]): string {
  return [...HEAD, ...all.map(rowOf)].join('\n');
}

function methodTable(all: readonly TrialFigures[]): string {
  const names: Record<Method, string> = {
    ours: 'this house, live',
    distance: 'distance covered',
    nearest: 'nearest place of the route',
    perfect: 'perfect projection of fix and start (cannot be built)',
    informed: 'the same filter, told the true noise (cannot be built)',
  };
  const rows = METHODS.map((method) => {
    const cells = LEVELS_M.map((sdM) => pairOf(all.flatMap(({ runs }) => errorsOf(runs.get(sdM)!, method))));
    return `| ${[names[method], ...cells].join(' | ')} |`;
  });
  return ['| method | 3 m | 6 m | 12 m |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function madeTable(made: readonly MadeRaces[]): string {
  const rows = [
    ['runs, against themselves', true, 'replays'],
    ['runs, against another runner', true, 'rivals'],
    ['hikes and halting, against themselves', false, 'replays'],
    ['hikes and halting, against another', false, 'rivals'],
  ] as const;
  const lines = rows.map(([name, isRunning, of]) => {
    const races = made.filter(({ course }) => course.isRun === isRunning);
    const cells = LEVELS_M.map((sdM) => pairOf(races.flatMap((each) => each[of].get(sdM)!)));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  return ['| races | 3 m | 6 m | 12 m |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function writePage(
  generated: readonly TrialFigures[],
  real: readonly TrialFigures[],
  made: readonly MadeRaces[],
  others: Figures,
): void {
  const parts: Record<string, string> = {
    'methods-real': methodTable(real),
    'methods-runs': methodTable(real.filter(({ trial }) => isRun(trial))),
    made: madeTable(made),
    'methods-halting': methodTable(real.filter(({ trial }) => !isRun(trial))),
    'methods-generated': methodTable(generated),
    'rows-generated': table(generated),
    'rows-real': table(real),
    others: [
      '| figure | reached |',
      '| --- | --- |',
      ...Object.entries(others).map(([key, value]) => `| \`${key}\` | ${Number(value.toPrecision(3))} |`),
    ].join('\n'),
  };
  let page = readFileSync(PAGE, 'utf8');
  for (const [name, text] of Object.entries(parts)) {
    const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!marks.test(page)) throw new Error(`${PAGE} has no place for ${name}`);
    page = page.replace(marks, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`);
  }
  writeFileSync(PAGE, page);
  console.log(`  ${PAGE} is written`);
}

async function measure(benchmark: Benchmark): Promise<Figures> {
  const seeds = benchmark.isWriting
    ? [...PAGE_SEEDS]
    : Array.from({ length: benchmark.isQuick ? 1 : benchmark.rounds }, (_, round) => benchmark.seed + round);
  const data = gpxData();
  if (data === undefined) console.log('  no shared/data/gpx beside the checkout: generated tracks only');
  if (benchmark.isWriting && data === undefined)
    throw new Error('The page shows real tracks, too: they are not here');
  const options = { references: true, official: true };
  const generated = generatedTrials().map((trial) => figuresOf(trial, seeds, options));
  const real = data === undefined ? [] : realTrials(data).map((trial) => figuresOf(trial, seeds, options));
  const shown = real.length > 0 ? real : generated;
  printTable(generated);
  if (real.length > 0) printTable(real);
  const made = HELD_OUT_WORLDS.flatMap((world) => madeCourses(world)).map(racesOf);
  const { count, tried } = falseStarts(data, seeds);
  const others: Figures = {
    ...selfFigures(shown),
    ...(data === undefined ? {} : pairFigures(data)),
    false_starts: count,
    reversed_tried: tried,
    pause_step_s: pauseStep(seeds),
  };
  if (benchmark.isWriting) writePage(generated, real, made, others);
  const isOfRun = ({ trial }: TrialFigures): boolean => isRun(trial);
  return {
    ...noiseFigures(shown),
    ...others,
    ...partFigures('runs', real.filter(isOfRun)),
    ...partFigures(
      'halting',
      real.filter((figures) => !isOfRun(figures)),
    ),
    ...(real.length > 0 ? partFigures('generated', generated) : {}),
    ...madeFigures(made),
  };
}

await runBenchmark('ghost-accuracy', measure);
