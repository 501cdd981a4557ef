import { ASIDE_S, type FixNoise } from './pace-filter.js';

// How far off the fixes of this run are, learned from the run itself: across the line there is nothing but the receiver's error (and where on
// the road one runs), and a receiver errs across as much as along. A grid of suppositions about spread, correlation and white part each foretells
// the next distance from the line with a filter of one number; what they foretold decides how much each is believed (Bayes). After half
// a minute a good receiver is told from a bad one, and the first fixes are not taken for more than they are.

/** A circle that holds 68 % of a normal scatter has 1.51 standard deviations of one axis as its radius. */
export const SD_PER_ACCURACY = 1 / 1.51;

/** From a watch with two frequencies under open sky to a phone between towers, with how usual each is. */
const SPREADS_M: readonly [number, number][] = [
  [0.6, 0.05],
  [1.5, 0.1],
  [3, 0.3],
  [5, 0.25],
  [8, 0.15],
  [13, 0.1],
  [20, 0.05],
];
const CORRELATIONS_S: readonly [number, number][] = [
  [18, 0.4],
  [36, 0.6],
];
const WHITES_M: readonly [number, number][] = [
  [0.3, 0.35],
  [0.7, 0.45],
  [1.6, 0.2],
];
/** How far beside the ghost's line somebody keeps: in its very track, or on their own side of the road. */
const ASIDES_M: readonly [number, number][] = [
  [0.7, 0.5],
  [4, 0.5],
];
/** What was seen longer ago counts for less: a run comes out of the woods. */
const FADE_S = 900;
/** An outlier is one, not a property of all fixes. */
const OUTLYING_SDS = 3;
/** Fixes more often than this say nothing new of an error that wanders for half a minute; once it is known well, still fewer are looked at. */
const EVERY_S = 0.9;
const LATER_EVERY_S = 3.9;
const KNOWN_AFTER = 150;
/** Longer without fixes, nothing is foretold. */
const SILENCE_S = 30;
/** Less likely than this, a supposition does not count. */
const LEAST_LOGARITHM = -12;

interface Supposition {
  readonly sdM: number;
  readonly correlation: number;
  readonly whiteM: number;
  readonly asideM: number;
  readonly prior: number;
}

const SUPPOSITIONS: readonly Supposition[] = SPREADS_M.flatMap(([sdM, spreadShare]) =>
  CORRELATIONS_S.flatMap(([, correlationShare], correlation) =>
    WHITES_M.flatMap(([whiteM, whiteShare]) =>
      ASIDES_M.map(([asideM, asideShare]) => ({
        sdM,
        correlation,
        whiteM,
        asideM,
        prior: Math.log(spreadShare * correlationShare * whiteShare * asideShare),
      })),
    ),
  ),
);
const COUNT = SUPPOSITIONS.length;
const STATE = 5;

const SPREAD2 = Float64Array.from(SUPPOSITIONS, ({ sdM }) => sdM * sdM);
const WHITE2 = Float64Array.from(SUPPOSITIONS, ({ whiteM }) => whiteM * whiteM);
const ASIDE2 = Float64Array.from(SUPPOSITIONS, ({ asideM }) => asideM * asideM);
const CORRELATION = Uint8Array.from(SUPPOSITIONS, ({ correlation }) => correlation);
const PRIOR = Float64Array.from(SUPPOSITIONS, ({ prior }) => prior);

export interface ScatterSnapshot {
  readonly weights: number[];
  /** Five numbers for each supposition: error, side, their variances, their covariance. */
  readonly states: number[];
  readonly seen: number;
  readonly lastS: number | null;
  readonly east: number;
  readonly north: number;
}

export class FixScatter {
  /** What is believed on the whole; changed in place. */
  readonly noise: FixNoise = { sdM: 0, correlationS: 0, whiteM: 0, asideM: 0 };
  /** Logarithms. */
  private readonly weights = new Float64Array(COUNT);
  /** Of each supposition: the error across, the side of the road, the variances of both, their covariance. */
  private readonly states = Float64Array.from(
    { length: COUNT * STATE },
    (_, at) => [0, 0, SPREAD2[Math.floor(at / STATE)]!, ASIDE2[Math.floor(at / STATE)]!, 0][at % STATE]!,
  );
  private readonly keeps = new Float64Array(CORRELATIONS_S.length);
  private seen = 0;
  private lastS: number | null = null;
  private east = 1;
  private north = 0;

  constructor() {
    this.weigh();
  }

  /** @param acrossM how far beside the line a fix is @param heading of the line there, a unit vector */
  observe(tS: number, acrossM: number, heading: { east: number; north: number }): void {
    const dtS = this.lastS === null ? SILENCE_S : tS - this.lastS;
    if (dtS < (this.seen < KNOWN_AFTER ? EVERY_S : LATER_EVERY_S)) return;
    this.lastS = tS;
    this.seen += 1;
    // Round a corner, what was along is across.
    const turned = this.east * heading.east + this.north * heading.north;
    this.east = heading.east;
    this.north = heading.north;
    const { keeps, states, weights } = this;
    for (let index = 0; index < keeps.length; index += 1) {
      keeps[index] = Math.exp(-dtS / CORRELATIONS_S[index]![0]) * turned;
    }
    const stays = Math.exp(-dtS / ASIDE_S);
    const isForetold = dtS < SILENCE_S;
    const fades = Math.exp(-dtS / FADE_S);
    for (let index = 0; index < COUNT; index += 1) {
      const at = index * STATE;
      const kept = keeps[CORRELATION[index]!]!;
      const error = kept * states[at]!;
      const side = stays * states[at + 1]!;
      const errors = kept * kept * (states[at + 2]! - SPREAD2[index]!) + SPREAD2[index]!;
      const sides = stays * stays * (states[at + 3]! - ASIDE2[index]!) + ASIDE2[index]!;
      const both = kept * stays * states[at + 4]!;
      const spread = errors + 2 * both + sides + WHITE2[index]!;
      const away = acrossM - error - side;
      const [errorGain, sideGain] = [(errors + both) / spread, (sides + both) / spread];
      states[at] = error + errorGain * away;
      states[at + 1] = side + sideGain * away;
      states[at + 2] = errors - errorGain * (errors + both);
      states[at + 3] = sides - sideGain * (sides + both);
      states[at + 4] = both - errorGain * (sides + both);
      if (!isForetold) continue;
      const square = (away * away) / spread;
      const loss =
        square > OUTLYING_SDS * OUTLYING_SDS ? OUTLYING_SDS * (2 * Math.sqrt(square) - OUTLYING_SDS) : square;
      weights[index] = fades * weights[index]! - 0.5 * (loss + Math.log(spread));
    }
    this.weigh();
  }

  /** Variance on each axis of what is new in a fix: what the device admits beyond what was learned is taken as this fix's own. */
  whiteM2(accuracyM: number | null): number {
    const { sdM, whiteM } = this.noise;
    const white2 = whiteM * whiteM;
    if (accuracyM === null || !(accuracyM > 0)) return white2;
    const toldM = accuracyM * SD_PER_ACCURACY;
    return white2 + Math.max(0, toldM * toldM - sdM * sdM);
  }

  snapshot(): ScatterSnapshot {
    return {
      weights: [...this.weights],
      states: [...this.states],
      seen: this.seen,
      lastS: this.lastS,
      east: this.east,
      north: this.north,
    };
  }

  restore({ weights, states, seen, lastS, east, north }: ScatterSnapshot): void {
    this.weights.set(weights);
    this.states.set(states);
    this.seen = seen;
    this.lastS = lastS;
    this.east = east;
    this.north = north;
    this.weigh();
  }

  /** The mean of all suppositions, of variances and of logarithms of times. */
  private weigh(): void {
    const { weights, noise } = this;
    let best = -Infinity;
    for (let index = 0; index < COUNT; index += 1) {
      const weight = weights[index]! + PRIOR[index]!;
      if (weight > best) best = weight;
    }
    let [sum, spread, correlation, white, aside] = [0, 0, 0, 0, 0];
    for (let index = 0; index < COUNT; index += 1) {
      const logarithm = weights[index]! + PRIOR[index]! - best;
      if (logarithm < LEAST_LOGARITHM) continue;
      const weight = Math.exp(logarithm);
      sum += weight;
      spread += weight * SPREAD2[index]!;
      correlation += weight * CORRELATIONS_S[CORRELATION[index]!]![0];
      white += weight * WHITE2[index]!;
      aside += weight * ASIDE2[index]!;
    }
    noise.sdM = Math.sqrt(spread / sum);
    noise.correlationS = correlation / sum;
    noise.whiteM = Math.sqrt(white / sum);
    noise.asideM = Math.sqrt(aside / sum);
  }
}
