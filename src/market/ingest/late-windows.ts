import { type Before, isSettled, judgePoints, REPEATED_WITHIN_MS, type Verdict } from './judge-points.js';
import { byItem, comparePoints, type Point } from './point.js';

// Stretches of histories that points fall into late, or in which a curator has changed one: what is stored there is read and judged
// anew together with what is new. A stretch begins with its first change and goes on until nothing after it can be judged
// otherwise; how far that is shows only in what is stored, so it is read on in growing steps until it has settled.
//
// Invariant: within a stretch all points of each instant are there.

/** A step is three times the one before: a long run of one price, seen every few minutes, is read in few steps. */
const GROWTH = 3;

/** What is to be read of an item: from the first instant, up to but without the last. */
export interface Span {
  itemId: number;
  fromMs: number;
  untilMs: number;
}

/** What is stored in a span. */
export interface Found {
  points: readonly Point[];
  /** The point kept right before the span, within 15 minutes. */
  before: Before | undefined;
  /** Instants and sources about which a curator has decided, by {@link claimKey}. */
  decided: ReadonlySet<string>;
}

/** Points of one item, judged for good. */
export interface JudgedStretch {
  points: readonly Point[];
  verdicts: readonly Verdict[];
}

export const claimKey = (atMs: number, sourceId: number): string => `${atMs} ${sourceId}`;

/** A stretch of one item. */
export class LateWindow {
  /** Sorted once they are judged; not those that have been handed on. */
  private points: Point[];
  private verdicts: Verdict[] = [];
  private before: Before | undefined;
  private untilMs: number;
  private stepMs = REPEATED_WITHIN_MS;
  /** Of a millisecond, in the step that was read last. */
  private storedDensity = 0;
  private next: LateWindow | undefined;
  isRead = false;
  /** Nothing after it can be judged otherwise. */
  isSettled = false;
  /** It has become part of another one. */
  isJoined = false;

  /**
   * @param changes sorted, less than 15 minutes from one to the next; none where a curator has changed something
   * @param changedUntilMs instant of the last change
   */
  constructor(
    readonly itemId: number,
    private readonly fromMs: number,
    private changedUntilMs: number,
    changes: Point[],
  ) {
    this.points = changes;
    this.untilMs = changedUntilMs + REPEATED_WITHIN_MS;
  }

  /** @param points late ones of any items and what else the batch has of these, sorted */
  static around(points: readonly Point[]): LateWindow[] {
    return byItem(points).flatMap((ofItem) => {
      const windows: LateWindow[] = [];
      for (const point of ofItem) {
        const last = windows.at(-1);
        if (last && point.capturedAtMs < last.untilMs) {
          last.points.push(point);
          last.changedUntilMs = point.capturedAtMs;
          last.untilMs = point.capturedAtMs + REPEATED_WITHIN_MS;
        } else {
          windows.push(new LateWindow(point.itemId, point.capturedAtMs, point.capturedAtMs, [point]));
        }
      }
      windows.forEach((window, index) => (window.next = windows[index + 1]));
      return windows;
    });
  }

  /** Points that it holds. */
  get count(): number {
    return this.points.length;
  }

  /** Stored points that the step read next may bring. */
  get expectedCount(): number {
    return this.storedDensity * this.stepMs;
  }

  /** The first span to read. */
  span(): Span {
    return { itemId: this.itemId, fromMs: this.fromMs, untilMs: this.untilMs };
  }

  /**
   * Takes in what its spans hold, and judges all that it has.
   * @param storedUntilMs instant of the last point of the item that is stored
   */
  take(found: readonly Found[], storedUntilMs: number): void {
    if (!this.isRead) this.before = found[0]?.before;
    this.isRead = true;
    for (const { points, decided } of found) {
      const mine = decided.size === 0 ? this.points : this.points.filter((point) => !isMoot(point, decided));
      this.points = mine.concat(points.map((point) => (isHeld(point, decided) ? fixed(point) : point)));
    }
    this.points.sort(comparePoints);
    this.verdicts = judgePoints(this.points, this.before);
    const count = found.reduce((sum, { points }) => sum + points.length, 0);
    this.storedDensity = count / this.stepMs;
    this.isSettled =
      (this.next === undefined && this.untilMs > storedUntilMs) ||
      isSettled(this.points, this.verdicts, this.changedUntilMs, this.untilMs);
  }

  /**
   * A step on. Windows that it reaches are part of this one from then on, with what they have read.
   * @param maxPoints what it may bring, as far as can be foreseen from the step before
   * @returns what is to be read between them
   */
  widen(maxPoints: number): Span[] {
    const most = Math.max(REPEATED_WITHIN_MS, maxPoints / this.storedDensity);
    this.stepMs = Math.min(GROWTH * this.stepMs, most);
    const reachMs = this.untilMs + this.stepMs;
    const spans: Span[] = [];
    const read = (untilMs: number): void => {
      if (untilMs > this.untilMs) spans.push({ itemId: this.itemId, fromMs: this.untilMs, untilMs });
      this.untilMs = Math.max(untilMs, this.untilMs);
    };
    for (let { next } = this; next !== undefined && next.fromMs <= reachMs; { next } = this) {
      read(next.fromMs);
      this.points = this.points.concat(next.points);
      [this.changedUntilMs, this.untilMs, this.next] = [next.changedUntilMs, next.untilMs, next.next];
      [next.points, next.verdicts, next.isJoined] = [[], [], true];
    }
    read(reachMs);
    return spans;
  }

  /** Hands on what has been judged: what is read from now on comes after it. */
  handOn(): JudgedStretch {
    const { points, verdicts } = this;
    const kept = points[verdicts.lastIndexOf('kept')];
    if (kept) this.before = kept;
    [this.points, this.verdicts] = [[], []];
    return { points, verdicts };
  }
}

/** What a client says of an instant about which a curator has decided does not count. */
function isMoot({ standing, capturedAtMs, source }: Point, decided: ReadonlySet<string>): boolean {
  return standing === 'new' && decided.has(claimKey(capturedAtMs, source.id));
}

function isHeld({ standing, capturedAtMs, source }: Point, decided: ReadonlySet<string>): boolean {
  return standing === 'kept' && decided.has(claimKey(capturedAtMs, source.id));
}

function fixed(point: Point): Point {
  return { ...point, standing: 'fixed' };
}
