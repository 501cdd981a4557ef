// A path without the jitter of its receiver: the Kalman filter of a body that keeps its velocity but for random accelerations, run forwards
// and then backwards (Rauch, Tung and Striebel 1965), so that every point is judged by what came before and after it. Both axes have
// the same noise, hence the same gains: the covariance is worked out once.

export interface SmoothingNoise {
  /** Standard deviation of a place on each axis. A fix that tells a worse accuracy counts for less. */
  readonly placeM: number;
  /** Spectral density of the acceleration, (m/s^2)^2 s. */
  readonly acceleration: number;
}

/** Somebody on foot: sets off, turns corners and stops within a second or two. */
const RUNNER_ACCELERATION = 1;
const JITTER_LIMITS_M = [0.5, 4] as const;
/** Further apart, three fixes tell of corners more than of their receiver. */
const NEIGHBOURS_MS = 2_500;

/**
 * How much the fixes of a path jitter: the mean second difference of three neighbours, which for noise that is new in each fix has six times
 * its variance on each axis.
 */
export function runnerNoise(tMs: Float64Array, xM: Float64Array, yM: Float64Array): SmoothingNoise {
  let [sum, count] = [0, 0];
  for (let index = 1; index + 1 < tMs.length; index += 1) {
    if (tMs[index + 1]! - tMs[index - 1]! > NEIGHBOURS_MS) continue;
    const share = (tMs[index]! - tMs[index - 1]!) / (tMs[index + 1]! - tMs[index - 1]!);
    const awayX = xM[index]! - xM[index - 1]! - share * (xM[index + 1]! - xM[index - 1]!);
    const awayY = yM[index]! - yM[index - 1]! - share * (yM[index + 1]! - yM[index - 1]!);
    // Half of the second difference in the middle of two equal stretches.
    sum += (4 * (awayX * awayX + awayY * awayY)) / 12;
    count += 1;
  }
  const [least, most] = JITTER_LIMITS_M;
  const placeM = count === 0 ? 2 : Math.min(most, Math.max(least, Math.sqrt(sum / count)));
  return { placeM, acceleration: RUNNER_ACCELERATION };
}

export interface SmoothPath {
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly eastMps: Float64Array;
  readonly northMps: Float64Array;
}

/**
 * @param tMs ascending strictly
 * @param accuracyM radius of each fix (about 68 %); NaN or null where it is not told
 */
export function smoothPath(
  tMs: Float64Array,
  xM: Float64Array,
  yM: Float64Array,
  accuracyM: Float64Array | null = null,
  noise: SmoothingNoise = runnerNoise(tMs, xM, yM),
): SmoothPath {
  const length = tMs.length;
  const filter = new ConstantVelocity(length);
  for (let index = 0; index < length; index += 1) {
    const dtS = index === 0 ? 0 : (tMs[index]! - tMs[index - 1]!) / 1000;
    const told = accuracyM === null ? Number.NaN : accuracyM[index]! / 1.5;
    const placeM = told > noise.placeM ? told : noise.placeM;
    filter.forward(index, dtS, xM[index]!, yM[index]!, placeM * placeM, noise.acceleration);
  }
  for (let index = length - 2; index >= 0; index -= 1) {
    filter.backward(index, (tMs[index + 1]! - tMs[index]!) / 1000);
  }
  return { xM: filter.x, yM: filter.y, eastMps: filter.vx, northMps: filter.vy };
}

const UNKNOWN_SPEED_VARIANCE = 25;

/** Covariances are [pp, pv, vv] of one axis. */
class ConstantVelocity {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly vx: Float64Array;
  readonly vy: Float64Array;
  private readonly pp: Float64Array;
  private readonly pv: Float64Array;
  private readonly vv: Float64Array;
  private readonly aheadPp: Float64Array;
  private readonly aheadPv: Float64Array;
  private readonly aheadVv: Float64Array;

  constructor(length: number) {
    const column = (): Float64Array => new Float64Array(length);
    [this.x, this.y, this.vx, this.vy] = [column(), column(), column(), column()];
    [this.pp, this.pv, this.vv] = [column(), column(), column()];
    [this.aheadPp, this.aheadPv, this.aheadVv] = [column(), column(), column()];
  }

  forward(i: number, dt: number, x: number, y: number, variance: number, acceleration: number): void {
    if (i === 0) {
      this.x[0] = x;
      this.y[0] = y;
      this.pp[0] = variance;
      this.vv[0] = UNKNOWN_SPEED_VARIANCE;
      return;
    }
    const [pp, pv, vv] = [this.pp[i - 1]!, this.pv[i - 1]!, this.vv[i - 1]!];
    const aheadPp = pp + 2 * dt * pv + dt * dt * vv + (acceleration * dt * dt * dt) / 3;
    const aheadPv = pv + dt * vv + (acceleration * dt * dt) / 2;
    const aheadVv = vv + acceleration * dt;
    [this.aheadPp[i], this.aheadPv[i], this.aheadVv[i]] = [aheadPp, aheadPv, aheadVv];
    const gainP = aheadPp / (aheadPp + variance);
    const gainV = aheadPv / (aheadPp + variance);
    const [awayX, awayY] = [
      x - this.x[i - 1]! - dt * this.vx[i - 1]!,
      y - this.y[i - 1]! - dt * this.vy[i - 1]!,
    ];
    this.x[i] = x - (1 - gainP) * awayX;
    this.y[i] = y - (1 - gainP) * awayY;
    this.vx[i] = this.vx[i - 1]! + gainV * awayX;
    this.vy[i] = this.vy[i - 1]! + gainV * awayY;
    this.pp[i] = (1 - gainP) * aheadPp;
    this.pv[i] = (1 - gainP) * aheadPv;
    this.vv[i] = aheadVv - gainV * aheadPv;
  }

  /** Draws point i towards what its already smoothed successor says. */
  backward(i: number, dt: number): void {
    const j = i + 1;
    const [a, b, c] = [this.aheadPp[j]!, this.aheadPv[j]!, this.aheadVv[j]!];
    const det = a * c - b * b;
    if (!(det > 0)) return;
    // Gain = P F' inverse(P ahead).
    const [pp, pv, vv] = [this.pp[i]!, this.pv[i]!, this.vv[i]!];
    const [crossPp, crossVp] = [pp + dt * pv, pv + dt * vv];
    const gainPp = (crossPp * c - pv * b) / det;
    const gainPv = (pv * a - crossPp * b) / det;
    const gainVp = (crossVp * c - vv * b) / det;
    const gainVv = (vv * a - crossVp * b) / det;
    for (const [place, speed] of [
      [this.x, this.vx],
      [this.y, this.vy],
    ] as const) {
      const [p, v] = [place[i]!, speed[i]!];
      const awayP = place[j]! - (p + dt * v);
      const awayV = speed[j]! - v;
      place[i] = p + gainPp * awayP + gainPv * awayV;
      speed[i] = v + gainVp * awayP + gainVv * awayV;
    }
  }
}
