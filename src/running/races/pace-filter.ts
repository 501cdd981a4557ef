// Where on the ghost's line a runner is, judged from noisy fixes.
//
// The unknown is not a distance but the ghost's own moving time at the runner's place, `ghostS`: the same hills and corners slow both, so
// that its rate, `pace` (1 = as fast as the ghost just there), changes slowly even where speeds do not. A fix is the line's place at that
// time, plus how far beside it the runner keeps (their side of the road), plus an error of the receiver that wanders (AR(1), tens of
// seconds, the same on both axes), plus a little white noise. Side and error are part of the state, so that a fix tells mostly how far
// somebody has come since the last one and only slowly where they are: that is what such fixes are good for. A side turns with the road, an error
// does not: where a road bends, the one is told from the other, and an error that was across is then known along. The moment at which the
// start line was crossed is part of the state as well: it was read from a fix that was as wrong as any other, and what follows corrects it
// (a fixed-point smoother).
//
// A line is bent, a Kalman filter is straight: around the estimate the line is replaced by its chord over the range in question
// (statistical linearisation by three points, Julier and Uhlmann 1997). At a turning point the chord is short, so that such fixes tell little
// along the line until its way back has begun.

/** How fixes lie about the ghost's line. */
export interface FixNoise {
  /** Standard deviation of the receiver's wandering error on each axis, metres. */
  sdM: number;
  /** Seconds after which two errors have 1/e in common. */
  correlationS: number;
  /** Standard deviation of what is new in each fix, metres on each axis. */
  whiteM: number;
  /** Standard deviation of how far beside the ghost's line the runner keeps, metres. */
  asideM: number;
}

/** The line by the ghost's moving time. Filled into the caller's object: this is asked thrice a fix. */
export interface PlaceByTime {
  placeAtTime(ghostS: number, out: Place): void;
}

/** What is known of somebody at a fix, before its place counts. */
export interface Beginning {
  readonly ghostS: number;
  readonly pace: number;
  readonly paceSd: number;
  /** When they crossed the start line if they are there. */
  readonly startS: number;
  /** Standard deviation of `ghostS`; null = it was read from the fix itself, and nothing else is known. */
  readonly spreadS: number | null;
  /** The line's time nearest to the fix: around that the line is taken for straight. */
  readonly readS: number;
}

export interface Place {
  xM: number;
  yM: number;
}

export const STATE_SIZE = 6;
const SIZE = STATE_SIZE;
export const GHOST = 0;
export const PACE = 1;
const EAST = 2;
const NORTH = 3;
export const START = 4;
const ASIDE = 5;
/** How long people keep to their side of the road, s. */
export const ASIDE_S = 100;
/** From here on a fix is taken for an outlier. */
const OUTLYING_SDS = 3;
const LEAST_SPEED_MPS = 0.5;
/** How much a pace below zero is still allowed for, as a part of how open it was. */
const FORBIDDEN_RATIO = 0.05;

/** Numbers that a filter holds. */
export const FILTER_SIZE = SIZE + SIZE * SIZE;

// Of one step, and never of two at once: thousands of runners have a dozen filters each, whose own numbers come from far away in memory already.
const ahead: Place = { xM: 0, yM: 0 };
const behind: Place = { xM: 0, yM: 0 };
const middle: Place = { xM: 0, yM: 0 };
const gain = new Float64Array(SIZE);

export class PaceFilter {
  /** ghostS, pace, wandering error east and north (m), moment of the start (s since the filter's epoch), metres to the left of the line. */
  readonly mean: Float64Array;
  /** Its covariance, row by row, both halves kept. */
  readonly covariance: Float64Array;
  /** Logarithm of how well the last fix was foretold; for choosing between filters. */
  logLikelihood = 0;

  /** @param numbers `FILTER_SIZE` of them, zeros, which are its own from then on */
  constructor(numbers: Float64Array) {
    this.mean = numbers.subarray(0, SIZE);
    this.covariance = numbers.subarray(SIZE, FILTER_SIZE);
  }

  /** @see Beginning; the fix itself is then taken by `update` */
  begin({ ghostS, pace, paceSd, startS, spreadS }: Beginning, noise: FixNoise, line: PlaceByTime): void {
    const { mean, covariance: p } = this;
    mean.fill(0);
    mean[GHOST] = ghostS;
    mean[PACE] = pace;
    mean[START] = startS;
    p.fill(0);
    const noise2 = noise.sdM * noise.sdM;
    p[PACE * SIZE + PACE] = paceSd * paceSd;
    p[EAST * SIZE + EAST] = p[NORTH * SIZE + NORTH] = noise2;
    p[ASIDE * SIZE + ASIDE] = noise.asideM * noise.asideM;
    let variance: number;
    if (spreadS === null) {
      // All that is known of the place is the fix, so that an error of it along the line is one of the place, the other way round.
      line.placeAtTime(ghostS + 1, ahead);
      line.placeAtTime(ghostS - 1, behind);
      const [perSecondX, perSecondY] = [(ahead.xM - behind.xM) / 2, (ahead.yM - behind.yM) / 2];
      const square = Math.max(LEAST_SPEED_MPS ** 2, perSecondX * perSecondX + perSecondY * perSecondY);
      variance = (noise2 + noise.whiteM * noise.whiteM) / square;
      p[GHOST * SIZE + EAST] = p[EAST * SIZE + GHOST] = (-noise2 * perSecondX) / square;
      p[GHOST * SIZE + NORTH] = p[NORTH * SIZE + GHOST] = (-noise2 * perSecondY) / square;
    } else {
      variance = spreadS * spreadS;
    }
    p[GHOST * SIZE + GHOST] = variance;
    this.tieStart();
  }

  /**
   * Time goes by.
   * @param paceDrift variance that the pace gains in a second
   * @param jitter variance that ghostS gains besides, s^2 per s
   * @param movedS how much of the time they were under way; the pace is kept in mind meanwhile
   */
  predict(dtS: number, noise: FixNoise, paceDrift: number, jitter: number, movedS = dtS): void {
    const { mean, covariance: p } = this;
    if (movedS > 0) {
      mean[GHOST]! += mean[PACE]! * movedS;
      for (let column = 0; column < SIZE; column += 1) p[column]! += movedS * p[PACE * SIZE + column]!;
      for (let row = 0; row < SIZE; row += 1) p[row * SIZE]! += movedS * p[row * SIZE + PACE]!;
      p[0]! += (paceDrift * movedS * movedS * movedS) / 3;
      p[PACE] = p[PACE * SIZE]! += (paceDrift * movedS * movedS) / 2;
    }
    p[0]! += jitter * dtS;
    p[PACE * SIZE + PACE]! += paceDrift * dtS;
    const keeps = Math.exp(-dtS / noise.correlationS);
    this.fade(EAST, keeps, noise.sdM);
    this.fade(NORTH, keeps, noise.sdM);
    this.fade(ASIDE, Math.exp(-dtS / ASIDE_S), noise.asideM);
  }

  /** P F': how a state hangs together with the one that time makes of it. `correlationS` 0 = the receiver starts anew. */
  static transpose(
    covariance: Float64Array,
    { dtS, movedS, correlationS }: { dtS: number; movedS: number; correlationS: number },
    out: Float64Array,
  ): void {
    const keeps = correlationS > 0 ? Math.exp(-dtS / correlationS) : 0;
    const stays = Math.exp(-dtS / ASIDE_S);
    for (let row = 0; row < SIZE; row += 1) {
      const at = row * SIZE;
      out[at + GHOST] = covariance[at + GHOST]! + movedS * covariance[at + PACE]!;
      out[at + PACE] = covariance[at + PACE]!;
      out[at + EAST] = keeps * covariance[at + EAST]!;
      out[at + NORTH] = keeps * covariance[at + NORTH]!;
      out[at + START] = covariance[at + START]!;
      out[at + ASIDE] = stays * covariance[at + ASIDE]!;
    }
  }

  /** Takes over a mixture of other filters' states. */
  set(mean: Float64Array, covariance: Float64Array): void {
    this.mean.set(mean);
    this.covariance.set(covariance);
  }

  /** The receiver starts anew (after a pause, a tunnel): its error then says nothing of its error now. */
  forgetError(noise: FixNoise, spreadS: number): void {
    this.fade(EAST, 0, noise.sdM);
    this.fade(NORTH, 0, noise.sdM);
    this.covariance[0]! += spreadS * spreadS;
  }

  /** A fix. @param whiteM2 variance of its white noise on each axis */
  update(line: PlaceByTime, xM: number, yM: number, whiteM2: number): void {
    const variance = this.covariance[0]!;
    const reachS = Math.max(1, Math.sqrt(3 * variance));
    this.updateAround(
      line,
      this.mean[GHOST]!,
      reachS,
      Math.min(1, (3 * variance) / (reachS * reachS)),
      xM,
      yM,
      whiteM2,
    );
  }

  /** The first fix, whose place on the line is known better from itself than from what was supposed. */
  updateFirst(line: PlaceByTime, readS: number, xM: number, yM: number, whiteM2: number): void {
    this.updateAround(line, readS, 1, 0, xM, yM, whiteM2);
  }

  /** @param bent which share of the line's bend within reach counts */
  private updateAround(
    line: PlaceByTime,
    ghostS: number,
    reachS: number,
    bent: number,
    xM: number,
    yM: number,
    whiteM2: number,
  ): void {
    const { mean } = this;
    line.placeAtTime(ghostS + reachS, ahead);
    line.placeAtTime(ghostS - reachS, behind);
    line.placeAtTime(ghostS, middle);
    const perSecondX = (ahead.xM - behind.xM) / (2 * reachS);
    const perSecondY = (ahead.yM - behind.yM) / (2 * reachS);
    const bendX = (bent * (ahead.xM + behind.xM - 2 * middle.xM)) / 6;
    const bendY = (bent * (ahead.yM + behind.yM - 2 * middle.yM)) / 6;
    // What the chord leaves out: with three points of these weights, twice the square of the bend on each axis.
    const variance = whiteM2 + 2 * (bendX * bendX + bendY * bendY);
    // To the left of the chord; where it turns back it has no side.
    const speed = Math.max(LEAST_SPEED_MPS, Math.hypot(perSecondX, perSecondY));
    const [sideX, sideY] = [-perSecondY / speed, perSecondX / speed];
    const aside = mean[ASIDE]!;
    const awayX = xM - middle.xM - bendX - mean[EAST]! - sideX * aside - perSecondX * (mean[GHOST]! - ghostS);
    const first = this.absorb(EAST, perSecondX, sideX, awayX, variance);
    // The first axis has moved the estimate; the line stays linearised where it was.
    const awayY =
      yM - middle.yM - bendY - mean[NORTH]! - sideY * mean[ASIDE]! - perSecondY * (mean[GHOST]! - ghostS);
    const second = this.absorb(NORTH, perSecondY, sideY, awayY, variance);
    this.logLikelihood = first + second;
    this.forbidBackwards();
  }

  /**
   * Nobody in a race runs backwards along the line: on a way that comes back along itself, a filter that may do so would rather stay on
   * the way out. A pace below zero is drawn to zero, and whoever supposed it is believed the less.
   */
  private forbidBackwards(): void {
    const { mean, covariance: p } = this;
    const pace = mean[PACE]!;
    if (pace >= 0) return;
    const variance = p[PACE * SIZE + PACE]!;
    this.logLikelihood -= (0.5 * pace * pace) / variance;
    for (let row = 0; row < SIZE; row += 1) gain[row] = p[row * SIZE + PACE]!;
    this.move(-pace, variance * (1 + FORBIDDEN_RATIO));
  }

  /** A pace that was measured. */
  updatePace(pace: number, variance: number): void {
    const { mean, covariance: p } = this;
    for (let row = 0; row < SIZE; row += 1) gain[row] = p[row * SIZE + PACE]!;
    this.logLikelihood = this.move(pace - mean[PACE]!, gain[PACE]! + variance);
  }

  /** A pace that was measured while they are supposed to stand. */
  foretellStanding(pace: number, variance: number): void {
    this.logLikelihood = -0.5 * ((pace * pace) / variance + Math.log(variance));
  }

  /** The start line has just been crossed: when, hangs on where exactly they are now. */
  stampStart(nowS: number, pace = this.usualPace): void {
    this.mean[START] = nowS - this.mean[GHOST]! / pace;
    this.tieStart(pace);
  }

  setStart(startS: number, variance: number): void {
    const { mean, covariance: p } = this;
    mean[START] = startS;
    for (let other = 0; other < SIZE; other += 1) p[START * SIZE + other] = p[other * SIZE + START] = 0;
    p[START * SIZE + START] = variance;
  }

  private get usualPace(): number {
    return Math.min(3, Math.max(0.3, this.mean[PACE]!));
  }

  /** Whoever turns out to be further along has started earlier. */
  private tieStart(pace = this.usualPace): void {
    const { covariance: p } = this;
    for (let other = 0; other < SIZE; other += 1) {
      if (other === START) continue;
      p[START * SIZE + other] = p[other * SIZE + START] = -p[GHOST * SIZE + other]! / pace;
    }
    p[START * SIZE + START] = p[0]! / (pace * pace);
  }

  /** What wanders around zero keeps a part of itself, and gains what is new. */
  private fade(axis: number, keeps: number, sdM: number): void {
    const { mean, covariance: p } = this;
    mean[axis]! *= keeps;
    for (let other = 0; other < SIZE; other += 1) {
      p[axis * SIZE + other]! *= keeps;
      p[other * SIZE + axis]! *= keeps;
    }
    p[axis * SIZE + axis]! += (1 - keeps * keeps) * sdM * sdM;
  }

  /**
   * One axis of a fix: error `axis` plus `slope` times ghostS plus `side` times the way beside the line.
   * @returns logarithm of its likelihood
   */
  private absorb(axis: number, slope: number, side: number, away: number, variance: number): number {
    const { covariance: p } = this;
    for (let row = 0; row < SIZE; row += 1) {
      const at = row * SIZE;
      gain[row] = slope * p[at]! + p[at + axis]! + side * p[at + ASIDE]!;
    }
    return this.move(away, slope * gain[GHOST]! + gain[axis]! + side * gain[ASIDE]! + variance);
  }

  /**
   * Draws the state along `gain` by what was `away` from what was foretold. What lies beyond three standard deviations counts for as much as
   * three do (Huber 1964): a receiver jumps now and then, and nobody is to be thrown off by it.
   */
  private move(away: number, spread: number): number {
    const { mean, covariance: p } = this;
    const sds = Math.abs(away) / Math.sqrt(spread);
    const isOutlying = sds > OUTLYING_SDS;
    const widened = isOutlying ? (spread * sds) / OUTLYING_SDS : spread;
    for (let row = 0; row < SIZE; row += 1) {
      const share = gain[row]! / widened;
      mean[row]! += share * away;
      for (let column = row; column < SIZE; column += 1) {
        p[column * SIZE + row] = p[row * SIZE + column]! -= share * gain[column]!;
      }
    }
    const loss = isOutlying ? OUTLYING_SDS * (sds - OUTLYING_SDS / 2) : (sds * sds) / 2;
    return -loss - 0.5 * Math.log(spread);
  }
}
