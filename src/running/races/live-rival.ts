import { stretchOf } from '../geo/columns.js';

// A rival in the same race, who is still running: a curve that grows. What they will do is not known, so a gap is always told at the place of
// the one behind: how long ago was the other here? For whoever is ahead that is the rival's place in their own past. Both see the same gap with
// the other sign, and it has no step when the lead changes.

/** Where the newest word of somebody is older, they are supposed to run on for no longer than this. */
const RUNS_ON_MS = 10_000;
const STALE_MS = 15_000;
/** A passing is kept every so many metres. */
const KEPT_EVERY_M = 5;

export interface RivalGap {
  /** Seconds, above 0 = behind the rival. Null before either has started. */
  readonly gapS: number | null;
  readonly gapM: number | null;
  /** The newest word of one of both is old. */
  readonly isStale: boolean;
}

export interface LiveRivalSnapshot {
  readonly passings: readonly [clockMs: number, alongM: number][];
  readonly newest: readonly [clockMs: number, alongM: number, speedMps: number] | null;
}

/** One runner of a group race: when they passed which place, by the race's clock. */
export class LiveRival {
  private clockMs = new Float64Array(256);
  private alongM = new Float64Array(256);
  private length = 0;
  private newest: [clockMs: number, alongM: number, speedMps: number] | null = null;

  /**
   * @param clockMs by the clock that all runners of the race share, or each from their own start
   * @param alongM metres from the start line; what falls behind the furthest is a correction and passes nothing
   */
  advance(clockMs: number, alongM: number): void {
    const { newest } = this;
    if (newest !== null && clockMs <= newest[0]) return;
    const last = this.length - 1;
    if (last < 0 || alongM >= this.alongM[last]! + KEPT_EVERY_M) this.keep(clockMs, alongM);
    const speedMps = this.speedAt(clockMs, alongM);
    this.newest = [clockMs, Math.max(alongM, newest?.[1] ?? alongM), speedMps];
  }

  get newestClockMs(): number | null {
    return this.newest?.[0] ?? null;
  }

  /** Where they are, or will be in a moment. */
  alongAt(clockMs: number): number | null {
    const { newest } = this;
    if (newest === null || clockMs < 0) return null;
    const [newestMs, newestM, speedMps] = newest;
    if (clockMs >= newestMs) {
      return newestM + (speedMps * Math.min(clockMs - newestMs, RUNS_ON_MS)) / 1000;
    }
    return this.look(this.clockMs, this.alongM, clockMs, newestMs, newestM);
  }

  /** When they were at a place that they have passed; before the first one and behind the newest, that one's. */
  clockAt(alongM: number): number | null {
    const { newest } = this;
    if (newest === null) return null;
    return this.look(this.alongM, this.clockMs, alongM, newest[1], newest[0]);
  }

  snapshot(): LiveRivalSnapshot {
    return {
      passings: Array.from({ length: this.length }, (_, at) => [this.clockMs[at]!, this.alongM[at]!]),
      newest: this.newest === null ? null : [...this.newest],
    };
  }

  static restore({ passings, newest }: LiveRivalSnapshot): LiveRival {
    const rival = new LiveRival();
    for (const [clockMs, alongM] of passings) rival.keep(clockMs, alongM);
    rival.newest = newest === null ? null : [...newest];
    return rival;
  }

  private keep(clockMs: number, alongM: number): void {
    if (this.length === this.clockMs.length) {
      this.clockMs = grown(this.clockMs);
      this.alongM = grown(this.alongM);
    }
    this.clockMs[this.length] = clockMs;
    this.alongM[this.length] = alongM;
    this.length += 1;
  }

  /** Over the last places that they passed. */
  private speedAt(clockMs: number, alongM: number): number {
    const before = Math.max(0, this.length - 5);
    const ms = clockMs - this.clockMs[before]!;
    return ms > 0 ? Math.max(0, (alongM - this.alongM[before]!) / ms) * 1000 : 0;
  }

  private look(by: Float64Array, of: Float64Array, wanted: number, endBy: number, endOf: number): number {
    const last = this.length - 1;
    if (wanted >= endBy) return endOf;
    if (wanted >= by[last]!) return between(by[last]!, endBy, of[last]!, endOf, wanted);
    if (last === 0 || wanted <= by[0]!) return of[0]!;
    const at = stretchOf(by, wanted, this.length);
    return between(by[at]!, by[at + 1]!, of[at]!, of[at + 1]!, wanted);
  }
}

/** The gap of one runner to another at a moment of their clock. */
export function gapToRival(mine: LiveRival, theirs: LiveRival, clockMs: number): RivalGap {
  const [myM, theirM] = [mine.alongAt(clockMs), theirs.alongAt(clockMs)];
  if (myM === null || theirM === null) return { gapS: null, gapM: null, isStale: true };
  const isStale = [mine, theirs].some((runner) => clockMs - runner.newestClockMs! > STALE_MS);
  const gapMs = myM <= theirM ? clockMs - theirs.clockAt(myM)! : mine.clockAt(theirM)! - clockMs;
  return { gapS: gapMs / 1000, gapM: theirM - myM, isStale };
}

function between(fromBy: number, toBy: number, fromOf: number, toOf: number, wanted: number): number {
  return toBy > fromBy ? fromOf + ((toOf - fromOf) * (wanted - fromBy)) / (toBy - fromBy) : toOf;
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * values.length);
  twice.set(values);
  return twice;
}
