import { STROLLING_PACE } from './line-rules.js';
import {
  type Beginning,
  FILTER_SIZE,
  type FixNoise,
  GHOST,
  PACE,
  PaceFilter,
  type PlaceByTime,
  START,
  STATE_SIZE,
} from './pace-filter.js';

// How evenly somebody keeps to a ghost's pace is not known beforehand, and it changes: most of the time a runner's pace against the ghost
// drifts by a few percent in minutes, now and then they stop at a light or begin to walk. One filter can suppose only one of
// that: a calm one averages over minutes and misses the stop, a nervous one sees the stop and repeats every error of the receiver. So
// several run side by side, each with its own supposition, and what they say is weighed by how well each foretold the fixes so
// far (interacting multiple models, Blom and Bar-Shalom 1988).

interface Mode {
  /** Variance that the pace gains in a second. */
  readonly drift: number;
  /** Variance that ghostS gains in a second besides, s^2. */
  readonly jitter: number;
  /** How long it lasts on average, s. */
  readonly lastsS: number;
  /** Where it leads to, mode by mode. */
  readonly leadsTo: readonly number[];
}

/** From calm to abrupt: with the ghost step by step; as people do; over changing ground; another pace at once. The last one stands. */
const MODES: readonly Mode[] = [
  { drift: 1e-7, jitter: 1e-4, lastsS: 400, leadsTo: [0, 0.35, 0.15, 0.5] },
  { drift: 1e-5, jitter: 1e-3, lastsS: 200, leadsTo: [0.4, 0, 0.25, 0.35] },
  { drift: 2e-2, jitter: 1e-2, lastsS: 6, leadsTo: [0, 0.7, 0, 0.3] },
  { drift: 1e-5, jitter: 1e-3, lastsS: 15, leadsTo: [0, 0.7, 0.3, 0] },
];
const COUNT = MODES.length;
/** Whoever stands goes on as they came: their pace is kept in mind. */
const STANDING = COUNT - 1;
const FIRST_WEIGHTS = [0.4, 0.5, 0.07, 0.03];
/** Whoever keeps an even pace keeps one that is near to the ghost's, too: how open a first pace is in each mode, against what was told. */
const FIRST_PACE_SDS = [0.4, 0.9, 2, 0.7];
/** However long nothing was heard, nobody's pace becomes more uncertain than this (variance). */
const MOST_DRIFT = 0.25;
const LEAST_WEIGHT = 1e-9;
const LEAST_SHARE = 1e-3;
/** Modes change places no more often than this. */
const MIX_EVERY_S = 1.9;

const SIZE = STATE_SIZE;

// Of one mixing, and never of two at once.
const mixedMeans = MODES.map(() => new Float64Array(SIZE));
const mixedCovariances = MODES.map(() => new Float64Array(SIZE * SIZE));
const moves = new Float64Array(COUNT * COUNT);
const arriving = new Float64Array(COUNT);
const shares = new Float64Array(COUNT);

export interface PaceModesSnapshot {
  readonly unmixedS: number;
  readonly weights: number[];
  readonly means: number[][];
  readonly covariances: number[][];
}

export class PaceModes {
  /** As a filter's, over all modes; its pace is how fast they are under way now, which is 0 while they stand. */
  readonly mean = new Float64Array(SIZE);
  ghostVariance = 0;
  paceVariance = 0;
  /** Of ghostS and the start together: of what a gap is made of. */
  gapVariance = 0;
  startVariance = 0;
  /** Logarithm of how well the last fix was foretold. */
  logLikelihood = 0;

  private readonly filters: readonly PaceFilter[];
  private readonly weights = Float64Array.from(FIRST_WEIGHTS);
  private unmixedS = 0;

  constructor() {
    // One piece of memory: apart, they would be a dozen, each fetched by itself when the next fix of this runner comes.
    const numbers = new Float64Array(COUNT * FILTER_SIZE);
    this.filters = MODES.map(
      (_, mode) => new PaceFilter(numbers.subarray(mode * FILTER_SIZE, (mode + 1) * FILTER_SIZE)),
    );
  }

  /** Which of the modes stands. */
  static readonly standing = STANDING;

  /** How much of the time each mode holds, before anything is known. */
  static readonly usual = usualShares();

  /** Variance that the pace gains in a second by a mode's supposition. */
  static driftOf(mode: number): number {
    return MODES[mode]!.drift;
  }

  /** How much each mode is believed. */
  get beliefs(): Float64Array {
    return this.weights;
  }

  begin(beginning: Beginning, noise: FixNoise, line: PlaceByTime): void {
    this.weights.set(FIRST_WEIGHTS);
    this.filters.forEach((filter, mode) => {
      filter.begin({ ...beginning, paceSd: beginning.paceSd * FIRST_PACE_SDS[mode]! }, noise, line);
    });
    this.gather();
  }

  /** A stretch of time, without a fix yet. */
  predict(dtS: number, noise: FixNoise): void {
    if (!(dtS > 0)) return;
    this.unmixedS += dtS;
    if (this.unmixedS >= MIX_EVERY_S) {
      this.mix(this.unmixedS);
      this.unmixedS = 0;
    }
    for (let mode = 0; mode < COUNT; mode += 1) {
      const { drift, jitter } = MODES[mode]!;
      const bounded = drift * dtS > MOST_DRIFT ? MOST_DRIFT / dtS : drift;
      this.filters[mode]!.predict(dtS, noise, bounded, jitter, mode === STANDING ? 0 : dtS);
    }
  }

  /** @param whiteM2 variance of the fix's white noise on each axis */
  update(line: PlaceByTime, xM: number, yM: number, whiteM2: number): void {
    for (const filter of this.filters) filter.update(line, xM, yM, whiteM2);
    this.weigh();
  }

  /** @see PaceFilter.updateFirst */
  updateFirst(line: PlaceByTime, readS: number, xM: number, yM: number, whiteM2: number): void {
    for (const filter of this.filters) filter.updateFirst(line, readS, xM, yM, whiteM2);
    this.weigh();
  }

  /** Believes each mode by how well it foretold what was just taken. */
  private weigh(): void {
    let best = -Infinity;
    for (const filter of this.filters) {
      if (filter.logLikelihood > best) best = filter.logLikelihood;
    }
    let sum = 0;
    for (let mode = 0; mode < COUNT; mode += 1) {
      const filter = this.filters[mode]!;
      const weight = Math.max(LEAST_WEIGHT, this.weights[mode]! * Math.exp(filter.logLikelihood - best));
      this.weights[mode] = weight;
      sum += weight;
    }
    for (let mode = 0; mode < COUNT; mode += 1) this.weights[mode]! /= sum;
    this.logLikelihood = best + Math.log(sum);
    this.gather();
  }

  /** A speed over ground by the receiver, as a pace against the ghost. */
  updatePace(pace: number, variance: number): void {
    for (let mode = 0; mode < STANDING; mode += 1) this.filters[mode]!.updatePace(pace, variance);
    this.filters[STANDING]!.foretellStanding(pace, variance);
    this.weigh();
  }

  /** How even somebody's pace has turned out to be is what is supposed of its beginning, too. */
  supposeLike({ weights }: PaceModes): void {
    const sum = 2 - weights[STANDING]!;
    for (let mode = 0; mode < COUNT; mode += 1) {
      const seen = mode === STANDING ? 0 : weights[mode]!;
      this.weights[mode] = (seen + FIRST_WEIGHTS[mode]!) / sum;
    }
  }

  forgetError(noise: FixNoise, spreadS: number): void {
    for (const filter of this.filters) filter.forgetError(noise, spreadS);
    this.gather();
  }

  /** The start line has just been crossed. */
  stampStart(nowS: number): void {
    for (const filter of this.filters) filter.stampStart(nowS);
    this.gather();
  }

  /** About the line, whoever stands or strolls has not set off yet: they will at the pace that they have in mind. */
  stampWaiting(nowS: number): void {
    this.filters.forEach((filter, mode) => {
      if (mode === STANDING || filter.mean[PACE]! < STROLLING_PACE) filter.stampStart(nowS, 1);
    });
    this.gather();
  }

  /** Whoever takes over from another judgement of the same race keeps what that knew of its start. */
  adoptStart(other: PaceModes): void {
    for (const filter of this.filters) filter.setStart(other.mean[START]!, other.startVariance);
    this.gather();
  }

  snapshot(): PaceModesSnapshot {
    return {
      unmixedS: this.unmixedS,
      weights: [...this.weights],
      means: this.filters.map(({ mean }) => [...mean]),
      covariances: this.filters.map(({ covariance }) => [...covariance]),
    };
  }

  restore({ unmixedS, weights, means, covariances }: PaceModesSnapshot): void {
    this.unmixedS = unmixedS;
    this.weights.set(weights);
    this.filters.forEach((filter, mode) => {
      filter.mean.set(means[mode]!);
      filter.covariance.set(covariances[mode]!);
    });
    this.gather();
  }

  /** Some of what each mode held passes to others while time goes by. */
  private mix(dtS: number): void {
    const { weights, filters } = this;
    fillMoves(moves, dtS);
    for (let to = 0; to < COUNT; to += 1) {
      let sum = 0;
      for (let from = 0; from < COUNT; from += 1) sum += weights[from]! * moves[from * COUNT + to]!;
      arriving[to] = sum;
      this.blend(to, sum);
    }
    for (let mode = 0; mode < COUNT; mode += 1) {
      filters[mode]!.set(mixedMeans[mode]!, mixedCovariances[mode]!);
      weights[mode] = arriving[mode]!;
    }
  }

  /** The state with which a mode goes on: that of all it may come from. */
  private blend(to: number, sum: number): void {
    const { weights, filters } = this;
    const mean = mixedMeans[to]!.fill(0);
    const covariance = mixedCovariances[to]!.fill(0);
    // What hardly anything of comes from is left out, and the others make up for it.
    let kept = 0;
    for (let mode = 0; mode < COUNT; mode += 1) {
      const share = (weights[mode]! * moves[mode * COUNT + to]!) / sum;
      kept += shares[mode] = share < LEAST_SHARE ? 0 : share;
    }
    for (let mode = 0; mode < COUNT; mode += 1) {
      const share = (shares[mode]! /= kept);
      if (share === 0) continue;
      const other = filters[mode]!.mean;
      for (let row = 0; row < SIZE; row += 1) mean[row]! += share * other[row]!;
    }
    for (let mode = 0; mode < COUNT; mode += 1) {
      const share = shares[mode]!;
      if (share === 0) continue;
      const { mean: other, covariance: p } = filters[mode]!;
      for (let row = 0; row < SIZE; row += 1) {
        const away = share * (other[row]! - mean[row]!);
        for (let column = 0; column <= row; column += 1) {
          const at = row * SIZE + column;
          covariance[at]! += share * p[at]! + away * (other[column]! - mean[column]!);
        }
      }
    }
    for (let row = 1; row < SIZE; row += 1) {
      for (let column = 0; column < row; column += 1) {
        covariance[column * SIZE + row] = covariance[row * SIZE + column]!;
      }
    }
  }

  /** Mean and what is asked of the covariance, over all modes. */
  private gather(): void {
    const { mean, weights, filters } = this;
    mean.fill(0);
    for (let mode = 0; mode < COUNT; mode += 1) {
      const other = filters[mode]!.mean;
      for (let row = 0; row < SIZE; row += 1) {
        if (row !== PACE || mode !== STANDING) mean[row]! += weights[mode]! * other[row]!;
      }
    }
    let [ghost, pace, gap, start] = [0, 0, 0, 0];
    for (let mode = 0; mode < COUNT; mode += 1) {
      const { mean: other, covariance: p } = filters[mode]!;
      const weight = weights[mode]!;
      const awayGhost = other[GHOST]! - mean[GHOST]!;
      const awayStart = other[START]! - mean[START]!;
      const awayGap = awayGhost + awayStart;
      const awayPace = (mode === STANDING ? 0 : other[PACE]!) - mean[PACE]!;
      ghost += weight * (p[GHOST * SIZE + GHOST]! + awayGhost * awayGhost);
      pace += weight * (p[PACE * SIZE + PACE]! + awayPace * awayPace);
      start += weight * (p[START * SIZE + START]! + awayStart * awayStart);
      gap += weight * (p[0]! + 2 * p[START]! + p[START * SIZE + START]! + awayGap * awayGap);
    }
    this.ghostVariance = ghost;
    this.paceVariance = pace;
    this.startVariance = start;
    this.gapVariance = Math.max(0, gap);
  }
}

/** Chances of passing from one mode (row) to another (column) within a stretch of time. */
function fillMoves(out: Float64Array, dtS: number): void {
  for (let from = 0; from < COUNT; from += 1) {
    const { lastsS, leadsTo } = MODES[from]!;
    const leaves = 1 - Math.exp(-dtS / lastsS);
    for (let to = 0; to < COUNT; to += 1) {
      out[from * COUNT + to] = from === to ? 1 - leaves : leaves * leadsTo[to]!;
    }
  }
}

/** Of all modes in the long run. */
function usualShares(): Float64Array {
  const perSecond = new Float64Array(COUNT * COUNT);
  fillMoves(perSecond, 1);
  let shares = Float64Array.from(FIRST_WEIGHTS);
  for (let second = 0; second < 5_000; second += 1) {
    const before = shares;
    shares = before.map((_, to) =>
      before.reduce((sum, share, from) => sum + share * perSecond[from * COUNT + to]!, 0),
    );
  }
  return shares;
}
