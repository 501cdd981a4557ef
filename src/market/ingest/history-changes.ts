import type { Verdict } from './judge-points.js';
import type { Point } from './point.js';

// What verdicts mean for the tables: which points go into the history and which out of it, which are withheld from now on, and
// which days are to be derived anew. Ids of history rows ascend as rows are stored, so a point that comes back has another one.

const DAY_MS = 86_400_000;

/** What an added point does to the newest point of its item. Late ones do nothing to it: it is derived when they are stored. */
export const STEP = { none: 0, moves: 1, begins: 2 } as const;

export class HistoryChanges {
  /** Points that enter the history: new ones, and withheld ones that count now. */
  readonly added: Point[] = [];
  /** Values of {@link STEP}, by added point. */
  readonly steps: number[] = [];
  /** Points that leave the history. */
  readonly removed: Point[] = [];
  /** Points that are withheld from now on. */
  readonly withheld: Point[] = [];
  /** Points that are withheld no longer. */
  readonly released: Point[] = [];
  /** Items and UTC days, counted from 1970, on which the history changes: position k of both. */
  readonly dayItemIds: number[] = [];
  readonly days: number[] = [];
  /** Per item that points came late to: instant of the last change. */
  readonly changedUntilMs = new Map<number, number>();

  /** Whether the history has changed, in this portion of the changes or in one before it. */
  hasChanged = false;

  /** Points that left the history because their source says a lower price of their instant now, in all portions. */
  displacedCount = 0;

  /** Of this portion. */
  get isEmpty(): boolean {
    return this.added.length === 0 && this.removed.length === 0;
  }

  /** Points of this portion. */
  get count(): number {
    return this.added.length + this.removed.length + this.withheld.length;
  }

  /** The tables have been changed so far; what is said of all portions is remembered. */
  clear(): void {
    for (const list of [this.added, this.steps, this.removed, this.withheld, this.released]) list.length = 0;
    this.dayItemIds.length = this.days.length = 0;
  }

  /** Points of one item that are newer than everything stored of it. */
  takeNewer(points: readonly Point[], verdicts: readonly Verdict[], isFirst: boolean): void {
    const count = this.added.length;
    points.forEach((point, index) => this.take(point, verdicts[index]!));
    if (this.added.length > count) this.steps[this.added.length - 1] = isFirst ? STEP.begins : STEP.moves;
  }

  /** A stretch of one item's history, judged anew. */
  takeLate(points: readonly Point[], verdicts: readonly Verdict[]): void {
    points.forEach((point, index) => {
      if (!this.take(point, verdicts[index]!)) return;
      this.changedUntilMs.set(point.itemId, point.capturedAtMs);
      if (point.standing === 'kept' && isContradicted(points, index)) this.displacedCount += 1;
    });
  }

  /** @returns whether anything changes */
  private take(point: Point, verdict: Verdict): boolean {
    const { standing } = point;
    if (verdict === 'kept' && (standing === 'new' || standing === 'withheld')) {
      this.added.push(point);
      this.steps.push(STEP.none);
      if (standing === 'withheld') this.released.push(point);
      this.markDay(point);
      return true;
    }
    if (verdict === 'withheld' && standing !== 'withheld') {
      this.withheld.push(point);
      if (standing === 'kept') {
        this.removed.push(point);
        this.markDay(point);
      }
      return true;
    }
    return false;
  }

  private markDay({ itemId, capturedAtMs }: Point): void {
    this.hasChanged = true;
    const day = Math.floor(capturedAtMs / DAY_MS);
    if (this.dayItemIds.at(-1) === itemId && this.days.at(-1) === day) return;
    this.dayItemIds.push(itemId);
    this.days.push(day);
  }
}

/** Whether the source of a sorted point says another price of its instant, which comes first. */
function isContradicted(points: readonly Point[], index: number): boolean {
  const { capturedAtMs, source } = points[index]!;
  for (let before = index - 1; points[before]?.capturedAtMs === capturedAtMs; before -= 1)
    if (points[before]!.source.id === source.id) return true;
  return false;
}
