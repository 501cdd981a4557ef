import { SeededRandom } from '../../src/market/simulation/random.js';
import { interpolate } from '../../src/running/geo/columns.js';
import { type GhostCurve, ghostCurveOf, movingAtElapsed } from '../../src/running/ghosts/ghost-curve.js';
import {
  type GeneratedRun,
  hillyPace,
  type Line,
  LINES,
  type Pace,
  type RunOptions,
  noiseOf,
  runAlong,
  withNoise,
} from '../../test/factories/generated-tracks.js';
import { LEVELS_M, race, replay, type Trial } from './gap-trials.js';

// Made-up recordings of every kind that people make, so that rules can be judged by others than the real tracks: even runs, intervals on a
// track, lights in a city, walking breaks, hikes that crawl up and rest, and people who stand half of their time. Each is recorded by a good
// receiver (1.5 m, wandering for a minute), as the real ones are: their places shake while somebody stands. A seed gives one world of all kinds.
// Worlds 101 to 105 are those with which the rules' constants were chosen.

/** Never looked at while rules were chosen. */
export const HELD_OUT_WORLDS = [901, 902, 903] as const;

type Stop = NonNullable<RunOptions['stops']>[number];

interface Kind {
  readonly name: string;
  /** Under way for four fifths of the time and faster than 2.5 m/s. */
  readonly isRun: boolean;
  readonly make: (random: SeededRandom) => { line: Line; options: RunOptions; rivalPace?: Pace };
}

const KINDS: readonly Kind[] = [
  { name: 'road', isRun: true, make: (random) => even(LINES.road(random), random, 3.4) },
  {
    name: 'short',
    isRun: true,
    make: (random) => ({
      ...even(LINES.road(random), random, 3),
      options: { pace: hillyPace(random, 3), untilM: 900 },
    }),
  },
  { name: 'out and back', isRun: true, make: (random) => even(LINES.outAndBack(random), random, 3.1) },
  { name: 'figure eight', isRun: true, make: (random) => even(LINES.figureEight(), random, 3.8) },
  {
    name: 'intervals',
    isRun: true,
    make: (random) => ({ line: LINES.track400(), options: { pace: intervals(random, 4.8, 2.2) } }),
  },
  {
    name: 'walking breaks',
    isRun: true,
    make: (random) => ({
      line: LINES.road(random),
      options: { pace: (_, tS) => (tS % 240 < 180 ? 3.2 : 1.5) },
    }),
  },
  {
    name: 'city lights',
    isRun: true,
    make: (random) => {
      const line = LINES.city(random);
      return { line, options: { pace: hillyPace(random, 3.3), stops: stopsAlong(line, random, 12, 8, 45) } };
    },
  },
  {
    name: 'hike',
    isRun: false,
    make: (random) => {
      const line = LINES.road(random);
      return {
        line,
        options: { pace: hillyPace(random, 1.3, 0.35), stops: stopsAlong(line, random, 25, 6, 120) },
      };
    },
  },
  {
    name: 'switchbacks',
    isRun: false,
    make: (random) => {
      const line = LINES.hairpins();
      return {
        line,
        options: {
          pace: crawling(random, hillyPace(random, 1, 0.3)),
          stops: stopsAlong(line, random, 10, 6, 60),
        },
      };
    },
  },
  {
    name: 'stop and go',
    isRun: false,
    make: (random) => {
      const line = LINES.city(random);
      const pace = hillyPace(random, 2.8);
      // Where they crawl, nobody else does.
      return {
        line,
        rivalPace: pace,
        options: { pace: crawling(random, pace), stops: stopsAlong(line, random, 45, 5, 60) },
      };
    },
  },
];

function even(line: Line, random: SeededRandom, mps: number): { line: Line; options: RunOptions } {
  return { line, options: { pace: hillyPace(random, mps) } };
}

function intervals(random: SeededRandom, fast: number, slow: number): Pace {
  const everyM = 200 + 400 * random.uniform();
  return (alongM) => (alongM % (2 * everyM) < everyM ? fast : slow);
}

/** Now and then, for some seconds, hardly anything. */
function crawling(random: SeededRandom, pace: Pace): Pace {
  const places = Array.from({ length: 30 }, () => ({
    atM: 4_000 * random.uniform(),
    lengthM: 2 + 12 * random.uniform(),
    mps: 0.15 + 0.5 * random.uniform(),
  }));
  return (alongM, tS) => {
    const here = places.find(({ atM, lengthM }) => alongM >= atM && alongM < atM + lengthM);
    return here === undefined ? pace(alongM, tS) : here.mps;
  };
}

function stopsAlong(
  line: Line,
  random: SeededRandom,
  count: number,
  shortestS: number,
  longestS: number,
): Stop[] {
  const lengthM = line.xM.length - 1;
  return Array.from({ length: count }, () => ({
    atM: 40 + (lengthM - 80) * random.uniform(),
    durationS: Math.round(shortestS + (longestS - shortestS) * random.uniform() ** 2),
  }));
}

export interface MadeCourse {
  readonly isRun: boolean;
  readonly trial: Trial;
  /** Another runner of the same line, whose true gap moves. */
  readonly rival: { readonly ghost: Trial; readonly run: GeneratedRun; truthS(tMs: number): number };
}

/** One recording of each kind. */
export function madeCourses(seed: number): MadeCourse[] {
  return KINDS.map(({ name, isRun, make }, index) => {
    const random = new SeededRandom(seed, index, 21);
    const { line, options, rivalPace } = make(random);
    const run = runAlong(line, options);
    const recorded = withNoise(run.track, { sdM: 1.5, correlationS: 60, whiteM: 0.15 }, random);
    const curve = ghostCurveOf(recorded, [])!;
    const title = `made: ${name} ${seed}`;
    const trial = { name: title, track: recorded, pauses: [], curve };
    const ghost = { name: title, track: run.track, pauses: [], curve: ghostCurveOf(run.track, [])! };
    const other = rivalOf(line, { ...options, pace: rivalPace ?? options.pace }, random);
    return { isRun, trial, rival: { ghost, run: other, truthS: truthOf(run, ghost.curve, other) } };
  });
}

/** Somebody about as fast: their pace drifts, and they stop at places of their own. */
function rivalOf(line: Line, { pace, stops, untilM }: RunOptions, random: SeededRandom): GeneratedRun {
  const wave = 200 + 400 * random.uniform();
  const phase = 6.28 * random.uniform();
  const usual = 0.95 + 0.1 * random.uniform();
  const own: Pace = (alongM, tS) =>
    pace(alongM, tS) * usual * (1 + 0.05 * Math.sin(phase + (6.28 * tS) / wave));
  const count = stops === undefined ? 1 : stops.length;
  return runAlong(line, {
    pace: own,
    stops: stopsAlong(line, random, count, 5, 40),
    ...(untilM === undefined ? {} : { untilM }),
  });
}

/** How long the ghost moved, by its own curve, from the runner's place to where it was at the same clock. */
function truthOf(ghost: GeneratedRun, curve: GhostCurve, run: GeneratedRun): (tMs: number) => number {
  const moved = (tMs: number): number => movingAtElapsed(curve, tMs - curve.startOffsetMs);
  // Each by their own clock, from the place at which the ghost's line begins.
  const lineM = interpolate(ghost.track.tMs, ghost.alongM, curve.startOffsetMs);
  const laterMs = interpolate(run.alongM, run.track.tMs, lineM) - curve.startOffsetMs;
  return (atMs) => {
    const hereM = interpolate(run.track.tMs, run.alongM, atMs);
    return (moved(atMs - laterMs) - moved(interpolate(ghost.alongM, ghost.track.tMs, hereM))) / 1000;
  };
}

export interface MadeRaces {
  readonly course: MadeCourse;
  /** Errors in seconds by noise level: against themselves, and against the other runner. */
  readonly replays: ReadonlyMap<number, readonly number[]>;
  readonly rivals: ReadonlyMap<number, readonly number[]>;
}

/** Both races of a course at each noise level, each once. */
export function racesOf(course: MadeCourse, index: number): MadeRaces {
  const { trial, rival } = course;
  const replays = new Map<number, readonly number[]>();
  const rivals = new Map<number, readonly number[]>();
  for (const sdM of LEVELS_M) {
    replays.set(sdM, replay(trial, sdM, 1, { references: false, official: false }).errors.ours);
    const random = new SeededRandom(index, sdM, 31);
    const updates = race(rival.ghost.curve, withNoise(rival.run.track, noiseOf(sdM, random), random));
    rivals.set(
      sdM,
      updates.flatMap(({ tMs, state, gaps: [gap] }) =>
        gap!.gapS === null || gap!.isStale || state === 'waiting' || state === 'finished'
          ? []
          : [Math.abs(gap!.gapS - rival.truthS(tMs))],
      ),
    );
  }
  return { course, replays, rivals };
}
