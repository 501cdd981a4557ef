// Which way somebody is going: over a stretch long enough that the errors of its two ends do not turn it round.

import type { FixNoise } from './pace-filter.js';

/** A fix on the flat map of a course, in seconds since the race's first. */
export interface MapFix {
  readonly tS: number;
  readonly xM: number;
  readonly yM: number;
  readonly accuracyM: number | null;
  readonly speedMps: number | null;
}

export interface Motion {
  readonly eastMps: number;
  readonly northMps: number;
  readonly speedMps: number;
  /** How long the stretch took. */
  readonly lastsS: number;
}

/** A chord tells a direction from this length on. */
const CHORD_M = 15;
const LONGEST_S = 20;
const KEPT_EVERY_S = 0.9;
const MOST_KEPT = 24;

/** Faster, it is the receiver that moved. */
const FASTEST_MPS = 12;
const JITTER_M = 15;
const JUMPS_TO_BELIEVE = 4;

export interface MotionSnapshot {
  readonly jumps: number;
  readonly recent: [number, number, number][];
}

export class MotionWindow {
  private recent: [number, number, number][] = [];
  private jumps = 0;

  /** @returns null while no chord is long enough: standing, or the first metres */
  observe(tS: number, xM: number, yM: number): Motion | null {
    const { recent } = this;
    const last = recent.at(-1);
    if (last !== undefined && tS - last[0] > LONGEST_S) recent.length = 0;
    else if (last !== undefined && isJump(tS - last[0], xM - last[1], yM - last[2])) {
      // One fix far off is an error; several in a row are where somebody is now.
      this.jumps += 1;
      if (this.jumps < JUMPS_TO_BELIEVE) return null;
      recent.length = 0;
    }
    this.jumps = 0;
    let motion: Motion | null = null;
    for (let index = recent.length - 1; index >= 0; index -= 1) {
      const [beforeS, beforeX, beforeY] = recent[index]!;
      const lastsS = tS - beforeS;
      if (lastsS > LONGEST_S) break;
      const awayM = Math.hypot(xM - beforeX, yM - beforeY);
      if (awayM < CHORD_M) continue;
      motion = {
        eastMps: (xM - beforeX) / lastsS,
        northMps: (yM - beforeY) / lastsS,
        speedMps: awayM / lastsS,
        lastsS,
      };
      break;
    }
    if (last === undefined || recent.length === 0 || tS - last[0] >= KEPT_EVERY_S) {
      recent.push([tS, xM, yM]);
      if (recent.length > MOST_KEPT) recent.shift();
    }
    return motion;
  }

  snapshot(): MotionSnapshot {
    return { jumps: this.jumps, recent: this.recent.map(([tS, xM, yM]) => [tS, xM, yM]) };
  }

  restore({ jumps, recent }: MotionSnapshot): void {
    this.jumps = jumps;
    this.recent = recent.map(([tS, xM, yM]) => [tS, xM, yM]);
  }
}

function isJump(dtS: number, x: number, y: number): boolean {
  return Math.hypot(x, y) > JITTER_M + FASTEST_MPS * dtS;
}

/** Cosine of the angle between a motion and a direction. */
export function cosineTo(motion: Motion, heading: { east: number; north: number }): number {
  return (motion.eastMps * heading.east + motion.northMps * heading.north) / motion.speedMps;
}

/** A way tells a direction when it is so many times as long as its ends are off against each other. */
const TELLING_SDS = 2.5;

/** Over a short way, or a slow one, a receiver's errors turn anybody round. */
export function tellsDirection(
  { speedMps, lastsS }: Motion,
  { sdM, correlationS, whiteM }: FixNoise,
): boolean {
  const chord2 = 2 * (sdM * sdM * (1 - Math.exp(-lastsS / correlationS)) + whiteM * whiteM);
  return (speedMps * lastsS) ** 2 > TELLING_SDS * TELLING_SDS * chord2;
}
