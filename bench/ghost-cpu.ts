// CPU of a live gap per fix and ghost, against what reading the fix from JSON and writing the gap to it costs
import { SeededRandom } from '../src/market/simulation/random.js';
import { ghostCurveOf } from '../src/running/ghosts/ghost-curve.js';
import { GhostRace } from '../src/running/races/ghost-race.js';
import type { RaceFix } from '../src/running/races/race-update.js';
import { hillyPace, LINES, noiseOf, runAlong, withNoise } from '../test/factories/generated-tracks.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant } from './support/statistics.js';

// Process CPU (user and system), since other work on the machine would bend the clock. One runner after another on a winding road and on laps,
// with a receiver of 4 m, each from start to finish: the first minutes cost more than the rest, as the start is judged again then. With
// three ghosts of three routes there are three projections; with three on one there is one and three looks into tables.

const RUNNERS = { quick: 12, full: 60 };

interface Course {
  readonly curve: NonNullable<ReturnType<typeof ghostCurveOf>>;
  readonly fixes: readonly RaceFix[];
}

function courseOf(name: keyof typeof LINES, seed: number): Course {
  const random = new SeededRandom(seed, 1, 9);
  const line = LINES[name](random);
  const { track } = runAlong(line, { pace: hillyPace(random, 3.3) });
  const curve = ghostCurveOf(track, [])!;
  const noisy = withNoise(track, noiseOf(4, random), random);
  const fixes = Array.from({ length: noisy.length }, (_, index) => ({
    tMs: noisy.tMs[index]!,
    latDeg: noisy.latDeg[index]!,
    lonDeg: noisy.lonDeg[index]!,
    accuracyM: 6,
    speedMps: null,
  }));
  return { curve, fixes };
}

/** Microseconds of CPU per call. */
function cpuUs(calls: () => number): number {
  const before = process.cpuUsage();
  const count = calls();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function raceAll(courses: readonly Course[], ghosts: 'one' | 'shared' | 'apart', runners: number): number {
  let taken = 0;
  for (let runner = 0; runner < runners; runner += 1) {
    const { curve, fixes } = courses[runner % courses.length]!;
    const curves =
      ghosts === 'one' ? [curve] : [0.97, 1, 1.03].map((ratio) => slower(curve, ratio, ghosts === 'apart'));
    const race = GhostRace.start({
      ghosts: curves.map((each, index) => ({ id: `ghost-${index}`, curve: each })),
      clock: 'elapsed',
    });
    for (const fix of fixes) {
      if (race.take(fix) !== null) taken += 1;
    }
  }
  return taken;
}

const made = new Map<string, Course['curve']>();

/** Another time over the same line; on its own copy of it when the routes are to be distinct. Kept, as a house keeps its curves. */
function slower(curve: Course['curve'], ratio: number, isApart: boolean): Course['curve'] {
  const key = `${curve.distanceM.length}-${curve.movingMs.at(-1)!}-${ratio}-${isApart}`;
  let other = made.get(key);
  if (other === undefined) {
    const route = isApart ? { ...curve.route! } : curve.route;
    other = { ...curve, route, movingMs: curve.movingMs.map((ms) => ms * ratio) };
    made.set(key, other);
  }
  return other;
}

/** What cannot be saved: the frame of a fix read, that of a gap written. */
function frames(courses: readonly Course[], runners: number): number {
  let count = 0;
  for (let runner = 0; runner < runners; runner += 1) {
    for (const { tMs, latDeg, lonDeg } of courses[runner % courses.length]!.fixes) {
      const text = `{"event":"fix","data":{"runId":"r","f":[[${count},${tMs},${latDeg},${lonDeg},6,null,null,null,150,170]]}}`;
      const { data } = JSON.parse(text) as { data: { f: number[][] } };
      const gap = {
        id: 'g',
        s: data.f[0]![2],
        m: 12.3,
        trend: 'steady',
        along: 1234.5,
        toGo: 99,
        state: 'racing',
        conf: 0.9,
      };
      if (JSON.stringify({ event: 'gap', data: { ghosts: [gap] } }).length > 0) count += 1;
    }
  }
  return count;
}

async function measure({ isQuick, rounds, seed }: Benchmark): Promise<Figures> {
  const courses = [courseOf('road', seed), courseOf('track400', seed), courseOf('city', seed)];
  const runners = isQuick ? RUNNERS.quick : RUNNERS.full;
  const variants = {
    one: async () => cpuUs(() => raceAll(courses, 'one', runners)),
    shared: async () => cpuUs(() => raceAll(courses, 'shared', runners)),
    apart: async () => cpuUs(() => raceAll(courses, 'apart', runners)),
    frames: async () => cpuUs(() => frames(courses, runners)),
  };
  await interleave(1, variants); // warm
  const found = await interleave(rounds, variants);
  printVariant('one ghost', 'us/fix', found.one);
  printVariant('three ghosts on one route', 'us/fix', found.shared);
  printVariant('three ghosts on three routes', 'us/fix', found.apart);
  printVariant('reading and writing the frames alone', 'us/fix', found.frames);
  return {
    us_per_fix_ghost: Math.max(median(found.one), median(found.shared) / 3, median(found.apart) / 3),
    us_per_fix_one_ghost: median(found.one),
    us_per_fix_three_shared: median(found.shared),
    us_per_fix_three_routes: median(found.apart),
    us_per_fix_frames: median(found.frames),
  };
}

await runBenchmark('ghost-cpu', measure);
