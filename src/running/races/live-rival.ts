import { stretchOf } from '../geo/columns.js';

// A rival in the same race, who is still running: a curve that grows. What they will do is not known, so both are compared at the newest moment
// of which both are known, each by the clock since their own crossing of the start line, and at the place of the one behind: how long ago
// was the other here? Both see the same gap with the other sign, metres and seconds are of one moment, and somebody of whom nothing is heard
// keeps the gap that there was.

/** A passing is kept every so many metres, and where somebody stands, every so often. */
const KEPT_EVERY_M = 5;
const KEPT_EVERY_MS = 5_000;
/** Whoever is heard of first so near to the start line has come from it: their clock stood at zero there. */
const FROM_LINE_M = 100;

export interface RivalGap {
  /** Seconds; positive = behind the rival. Null where nobody here saw them pass the place. */
  readonly gapS: number | null;
  /** Metres by which the rival is further along. */
  readonly gapM: number;
}

/** One runner of a group race: when they passed which place. What is compared is what is told of them, to a decimetre and 10 ms. */
export class LiveRival {
  private clockMs = new Float64Array(256);
  private alongM = new Float64Array(256);
  private length = 0;
  private over = false;

  /**
   * Told in any order; what is not later than the last is passed over.
   * @param clockMs since the start line by the race's clock
   * @param alongM metres from it; what falls behind the furthest is a correction and passes nothing
   */
  advance(clockMs: number, alongM: number): void {
    const [clock, along] = [Math.round(clockMs / 10) * 10, Math.round(alongM * 10) / 10];
    if (this.over || (this.length > 0 && clock <= this.newestMs)) return;
    if (this.length === 0 && clock > 0 && along > 0 && along <= FROM_LINE_M) this.keep(0, 0);
    const furthestM = this.length === 0 ? along : Math.max(along, this.alongM[this.length - 1]!);
    if (!this.isNewestNeeded()) this.length -= 1;
    this.keep(clock, furthestM);
  }

  /** Over the finish line; it may have been crossed before they were last seen short of it. */
  finish(clockMs: number, alongM: number): void {
    if (this.over) return;
    const clock = Math.round(clockMs / 10) * 10;
    while (this.length > 0 && this.newestMs >= clock) this.length -= 1;
    this.advance(clockMs, alongM);
    this.over = true;
  }

  get isOver(): boolean {
    return this.over;
  }

  /** Moment until which it is known where they are; infinite for whoever has finished. Null = not heard of. */
  get knownUntilMs(): number | null {
    if (this.length === 0) return null;
    return this.over ? Infinity : this.newestMs;
  }

  /** The last moment at which they moved on, or were seen to stand. */
  get newestMs(): number {
    return this.clockMs[this.length - 1]!;
  }

  /** Null where they were not seen yet, or are not known of so far. */
  alongAt(clockMs: number): number | null {
    const known = this.knownUntilMs;
    if (known === null || clockMs > known || clockMs < this.clockMs[0]!) return null;
    return this.look(this.clockMs, this.alongM, Math.min(clockMs, this.newestMs));
  }

  /** When they came to a place; null where nobody here saw it. */
  clockAt(alongM: number): number | null {
    const last = this.length - 1;
    if (last < 0 || alongM < this.alongM[0]! || alongM > this.alongM[last]!) return null;
    return this.look(this.alongM, this.clockMs, alongM);
  }

  /** The last one is replaced by the next unless it lies far enough from the one before. */
  private isNewestNeeded(): boolean {
    const last = this.length - 1;
    if (last <= 0) return true;
    return (
      this.alongM[last]! - this.alongM[last - 1]! >= KEPT_EVERY_M ||
      this.clockMs[last]! - this.clockMs[last - 1]! >= KEPT_EVERY_MS
    );
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

  /** Of equal ones the first: where somebody stood, they arrived then. */
  private look(by: Float64Array, of: Float64Array, wanted: number): number {
    if (wanted <= by[0]!) return of[0]!;
    let at = stretchOf(by, wanted, this.length);
    while (at > 0 && by[at]! >= wanted) at -= 1;
    const [from, to] = [by[at]!, by[at + 1]!];
    return to > from ? of[at]! + ((of[at + 1]! - of[at]!) * (wanted - from)) / (to - from) : of[at + 1]!;
  }
}

/** The gap of one runner to another. @returns null while one of them is not known of */
export function gapToRival(mine: LiveRival, theirs: LiveRival): RivalGap | null {
  const [myMs, theirMs] = [mine.knownUntilMs, theirs.knownUntilMs];
  if (myMs === null || theirMs === null) return null;
  const atMs = Math.min(myMs, theirMs);
  const [myM, theirM] = [mine.alongAt(atMs), theirs.alongAt(atMs)];
  if (myM === null || theirM === null) return null;
  // The one behind may stand: the place is theirs until now, and was the other's when they came to it.
  const myS = myM < theirM ? Math.min(atMs, mine.newestMs) : mine.clockAt(Math.min(myM, theirM));
  const theirS = theirM < myM ? Math.min(atMs, theirs.newestMs) : theirs.clockAt(Math.min(myM, theirM));
  return { gapM: theirM - myM, gapS: myS === null || theirS === null ? null : (myS - theirS) / 1_000 };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * values.length);
  twice.set(values);
  return twice;
}
