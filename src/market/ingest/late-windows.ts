import { type Before, isSettled, judgePoints, REPEATED_WITHIN_MS, type Verdict } from './judge-points.js';
import { byItem, comparePoints, type Point } from './point.js';

// Stretches of histories that points fall into late, or in which a curator has changed one: what is stored there is read and judged
// anew together with what is new. A stretch begins with its first change and goes on until nothing after it can be judged
// otherwise; how far that is shows only in what is stored, so it is read on in growing steps until it has settled.
//
// Invariant: within a stretch all points of each instant are there.

/** A step is three times what has been read: a long run of one price, seen every few minutes, is read in few steps. */
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

export const claimKey = (atMs: number, sourceId: number): string => `${atMs} ${sourceId}`;

/** A stretch of one item. */
export class LateWindow {
  verdicts: Verdict[] = [];
  private before: Before | undefined;
  private untilMs: number;
  private isBegun = false;
  private next: LateWindow | undefined;

  /**
   * @param changes sorted, less than 15 minutes from one to the next; none where a curator has changed something
   * @param changedUntilMs instant of the last change
   */
  constructor(
    readonly itemId: number,
    private readonly fromMs: number,
    private changedUntilMs: number,
    /** Sorted once it is judged. */
    public points: Point[],
  ) {
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

  /** The first span to read. */
  span(): Span {
    return { itemId: this.itemId, fromMs: this.fromMs, untilMs: this.untilMs };
  }

  /** Takes in what a span holds, and judges everything anew. */
  take({ points, before, decided }: Found): void {
    if (!this.isBegun) this.before = before;
    this.isBegun = true;
    const mine = decided.size === 0 ? this.points : this.points.filter((point) => !isMoot(point, decided));
    this.points = [...mine, ...points.map((point) => (isHeld(point, decided) ? fixed(point) : point))].sort(
      comparePoints,
    );
    this.verdicts = judgePoints(this.points, this.before);
  }

  /**
   * Goes on where it has not settled, through a window that comes next if it reaches that one, which is then part of this one.
   * @param storedUntilMs instant of the last point of the item that is stored
   * @returns what to read; undefined when it has settled
   */
  widen(storedUntilMs: number): Span | undefined {
    const fromMs = this.untilMs;
    if (fromMs > storedUntilMs && this.next === undefined) return undefined;
    if (isSettled(this.points, this.verdicts, this.changedUntilMs, fromMs)) return undefined;
    const untilMs = fromMs + GROWTH * (fromMs - this.changedUntilMs);
    const next = this.next;
    if (next === undefined || untilMs < next.fromMs) {
      this.untilMs = untilMs;
      return { itemId: this.itemId, fromMs, untilMs };
    }
    this.points = this.points.concat(next.points);
    this.changedUntilMs = next.changedUntilMs;
    this.untilMs = next.untilMs;
    this.next = next.next;
    [next.points, next.verdicts] = [[], []];
    return { itemId: this.itemId, fromMs, untilMs: next.fromMs };
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
