import { SeededRandom } from '../../src/market/simulation/random.js';
import { planeAround } from '../../src/running/geo/geodesy.js';
import type { Pause, Track } from '../../src/running/geo/track.js';

// Made-up runs with a known truth: lines with everything that confuses a projection, runners whose pace is given, and fixes with the errors of a
// receiver. The same seed always gives the same run.

/** A line on the ground: metres east and north, a point every metre. */
export interface Line {
  readonly name: string;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
}

/** Straight pieces and arcs, one after another. */
class Pen {
  private readonly xs: number[] = [0];
  private readonly ys: number[] = [0];

  constructor(private headingRad: number) {}

  straight(lengthM: number): this {
    for (let metre = 0; metre < Math.round(lengthM); metre += 1) this.step();
    return this;
  }

  /** @param turnRad above zero = to the left */
  arc(radiusM: number, turnRad: number): this {
    const steps = Math.max(1, Math.round(Math.abs(turnRad) * radiusM));
    for (let step = 0; step < steps; step += 1) {
      this.headingRad += turnRad / steps / 2;
      this.step();
      this.headingRad += turnRad / steps / 2;
    }
    return this;
  }

  /** Back along the same line, as after a cone. */
  back(): this {
    for (let index = this.xs.length - 2; index >= 0; index -= 1) {
      this.xs.push(this.xs[index]!);
      this.ys.push(this.ys[index]!);
    }
    return this;
  }

  line(name: string): Line {
    return { name, xM: Float64Array.from(this.xs), yM: Float64Array.from(this.ys) };
  }

  private step(): void {
    this.xs.push(this.xs.at(-1)! + Math.cos(this.headingRad));
    this.ys.push(this.ys.at(-1)! + Math.sin(this.headingRad));
  }
}

const RIGHT_ANGLE = Math.PI / 2;

/** Lines by name; each takes a stream of numbers for what is left to chance. */
export const LINES = {
  /** A winding road there, the same road back. */
  outAndBack: (random: SeededRandom): Line => {
    const pen = winding(random, 1_500);
    return pen.back().line('out and back');
  },
  /** Six laps of a running track. */
  track400: (): Line => {
    const pen = new Pen(0);
    for (let lap = 0; lap < 6; lap += 1) {
      for (let half = 0; half < 2; half += 1) pen.straight(84).arc(36.8, Math.PI);
    }
    return pen.line('400 m track');
  },
  /** Two loops that cross in the middle, twice around. */
  figureEight: (): Line => {
    const pen = new Pen(Math.PI / 4);
    for (let round = 0; round < 2; round += 1) {
      pen
        .straight(90)
        .arc(90, -1.5 * Math.PI)
        .straight(180)
        .arc(90, 1.5 * Math.PI)
        .straight(90);
    }
    return pen.line('figure eight');
  },
  /** Ten switchbacks, a dozen metres apart. */
  hairpins: (): Line => {
    const pen = new Pen(0).straight(200);
    for (let bend = 0; bend < 10; bend += 1) {
      pen.straight(120).arc(6, bend % 2 === 0 ? Math.PI : -Math.PI);
    }
    return pen.straight(300).line('hairpins');
  },
  /** Through the blocks of a city. */
  city: (random: SeededRandom): Line => {
    const pen = new Pen(0);
    for (let block = 0; block < 30; block += 1) {
      pen.straight(60 + 90 * random.uniform());
      const turn = random.uniform();
      if (turn < 0.6) pen.arc(4, turn < 0.3 ? RIGHT_ANGLE : -RIGHT_ANGLE);
    }
    return pen.line('city blocks');
  },
  /** A winding road from here to there. */
  road: (random: SeededRandom): Line => winding(random, 4_000).line('winding road'),
} satisfies Record<string, (random: SeededRandom) => Line>;

function winding(random: SeededRandom, lengthM: number): Pen {
  const pen = new Pen(2 * Math.PI * random.uniform());
  for (let drawnM = 0; drawnM < lengthM;) {
    const straightM = 40 + 160 * random.uniform();
    const radiusM = 15 + 120 * random.uniform();
    const turnRad = (random.uniform() - 0.5) * 2.4;
    pen.straight(straightM).arc(radiusM, turnRad);
    drawnM += straightM + Math.abs(turnRad) * radiusM;
  }
  return pen;
}

/** Speed in m/s at a distance and a moment. */
export type Pace = (alongM: number, tS: number) => number;

/** Speeds that rise and fall over hundreds of metres, as hills make them: a property of the line that everybody shares. */
export function hillyPace(random: SeededRandom, meanMps: number, ratio = 0.12): Pace {
  const waves = Array.from({ length: 4 }, () => ({
    lengthM: 300 + 1_500 * random.uniform(),
    phase: 2 * Math.PI * random.uniform(),
  }));
  return (alongM) => {
    const sum = waves.reduce(
      (all, { lengthM, phase }) => all + Math.sin((2 * Math.PI * alongM) / lengthM + phase),
      0,
    );
    return meanMps * (1 + (ratio * sum) / 2);
  };
}

/** A run with what is true of it. */
export interface GeneratedRun {
  readonly track: Track;
  readonly pauses: readonly Pause[];
  /** Metres along the line at each fix. */
  readonly alongM: Float64Array;
}

export interface RunOptions {
  readonly pace: Pace;
  /** Fixes a second. */
  readonly hz?: number;
  /** Stand there for so long; the watch is stopped when `isPaused`. */
  readonly stops?: readonly { atM: number; durationS: number; isPaused?: boolean }[];
  /** No fixes between these moments. */
  readonly gaps?: readonly { fromS: number; toS: number }[];
  /** Ends after so many metres instead of at the line's end. */
  readonly untilM?: number;
  readonly latDeg?: number;
  readonly lonDeg?: number;
}

/** Somebody runs the line. Fixes are without error; see `withNoise`. */
export function runAlong(line: Line, options: RunOptions): GeneratedRun {
  const stepS = 1 / (options.hz ?? 1);
  const lastM = Math.min(options.untilM ?? Infinity, line.xM.length - 1);
  const [tMs, alongM]: [number[], number[]] = [[], []];
  const pauses: Pause[] = [];
  const stops = [...(options.stops ?? [])].sort((a, b) => a.atM - b.atM);
  const isMissing = (tS: number): boolean =>
    options.gaps?.some(({ fromS, toS }) => tS > fromS && tS < toS) ?? false;
  let m = 0;
  for (let tS = 0; ; tS += stepS) {
    if (!isMissing(tS)) {
      tMs.push(Math.round(tS * 1000));
      alongM.push(m);
    }
    if (m >= lastM) break;
    // Ten pieces a step, so that the time over a distance does not depend on how often fixes come.
    for (let piece = 0; piece < 10; piece += 1) {
      m = Math.min(lastM, m + (options.pace(m, tS + (piece * stepS) / 10) * stepS) / 10);
    }
    const stop = stops[0];
    if (stop === undefined || m < stop.atM) continue;
    stops.shift();
    const arrivalS = tS + stepS;
    const leavesS = tS + Math.ceil(stop.durationS / stepS) * stepS;
    if (stop.isPaused === true) pauses.push({ fromMs: arrivalS * 1000, toMs: (leavesS + stepS) * 1000 });
    for (tS = arrivalS; tS <= leavesS; tS += stepS) {
      if (stop.isPaused === true && tS > arrivalS) continue;
      tMs.push(Math.round(tS * 1000));
      alongM.push(m);
    }
    tS -= stepS;
  }
  const plane = planeAround(options.latDeg ?? 51.36, options.lonDeg ?? 1.04);
  const place = (values: Float64Array, at: number): number => {
    const index = Math.min(Math.floor(at), values.length - 2);
    return values[index]! + (values[index + 1]! - values[index]!) * (at - index);
  };
  return {
    pauses,
    alongM: Float64Array.from(alongM),
    track: {
      length: tMs.length,
      tMs: Float64Array.from(tMs),
      latDeg: Float64Array.from(alongM, (at) => plane.lat(place(line.yM, at))),
      lonDeg: Float64Array.from(alongM, (at) => plane.lon(place(line.xM, at))),
      altitudeM: null,
      accuracyM: null,
      heartRateBpm: null,
      cadenceSpm: null,
      deviceDistanceM: null,
    },
  };
}

/** The same line the other way. */
export function reversed(line: Line): Line {
  return { name: `${line.name}, reversed`, xM: line.xM.toReversed(), yM: line.yM.toReversed() };
}

export interface Noise {
  /** Standard deviation of the wandering error on each axis, metres. */
  readonly sdM: number;
  /** Seconds after which two errors have 1/e in common. */
  readonly correlationS: number;
  /** Standard deviation of what is new in each fix, metres on each axis. */
  readonly whiteM: number;
}

/** The noise of running.md 4.3: AR(1) with a correlation of 20 to 40 s, and half a metre of white noise. */
export function noiseOf(sdM: number, random: SeededRandom): Noise {
  return { sdM, correlationS: 20 + 20 * random.uniform(), whiteM: 0.5 };
}

/** What a receiver with that noise would have recorded. */
export function withNoise(track: Track, { sdM, correlationS, whiteM }: Noise, random: SeededRandom): Track {
  const first = track.latDeg.findIndex((lat) => Number.isFinite(lat));
  if (first < 0) return track;
  const plane = planeAround(track.latDeg[first]!, track.lonDeg[first]!);
  let [east, north] = [sdM * random.normal(), sdM * random.normal()];
  const latDeg = new Float64Array(track.length);
  const lonDeg = new Float64Array(track.length);
  for (let index = 0; index < track.length; index += 1) {
    if (index > 0) {
      const keeps = Math.exp(-(track.tMs[index]! - track.tMs[index - 1]!) / 1000 / correlationS);
      const freshM = sdM * Math.sqrt(1 - keeps * keeps);
      east = keeps * east + freshM * random.normal();
      north = keeps * north + freshM * random.normal();
    }
    const [whiteEast, whiteNorth] = [whiteM * random.normal(), whiteM * random.normal()];
    lonDeg[index] = plane.lon(plane.x(track.lonDeg[index]!) + east + whiteEast);
    latDeg[index] = plane.lat(plane.y(track.latDeg[index]!) + north + whiteNorth);
  }
  return { ...track, latDeg, lonDeg };
}
