import { REPEATED_WITHIN_MS } from './judge-points.js';
import type { Found, JudgedStretch, LateWindow, Span } from './late-windows.js';

// Windows are read in rounds, a query each: all of them once, then those that have not settled, further and further. Before a round
// begins, the first window of each item hands on what it has; those after it have to wait until it has settled short of them.
//
// Invariant: whatever histories are like, no more is held than what was sent, the first spans around that, and about two rounds' worth.

const NOTHING_STORED: Found = { points: [], before: undefined, decided: new Set() };

export class LateRounds {
  private reading: { window: LateWindow; spans: readonly Span[] }[] = [];

  /**
   * @param windows by item, in order of time
   * @param storedUntilMs instant of the last point of an item that is stored
   * @param maxHeldPoints when so many are held, only the first window goes on
   */
  constructor(
    private windows: readonly LateWindow[],
    private readonly storedUntilMs: (itemId: number) => number,
    readonly maxHeldPoints: number,
  ) {}

  /** What is to be read next; nothing once all has settled. */
  spans(): Span[] {
    this.reading = [];
    let room = this.maxHeldPoints - this.windows.reduce((sum, { count }) => sum + count, 0);
    for (const window of this.windows) {
      if (!window.isRead) this.begin(window);
      else if (this.reading.length > 0 && room <= 0) break;
      else room -= this.goOn(window);
    }
    return this.reading.flatMap(({ spans }) => spans);
  }

  /** @param found in each of the spans */
  take(found: readonly Found[]): void {
    let place = 0;
    for (const { window, spans } of this.reading) {
      window.take(found.slice(place, place + spans.length), this.storedUntilMs(window.itemId));
      place += spans.length;
    }
  }

  /** What has been judged for good since the last time. */
  judged(): JudgedStretch[] {
    const judged: JudgedStretch[] = [];
    let unsettledItemId: number | undefined;
    this.windows = this.windows.filter((window) => {
      if (window.isJoined) return false;
      if (window.itemId === unsettledItemId) return true;
      judged.push(window.handOn());
      if (!window.isSettled) unsettledItemId = window.itemId;
      return !window.isSettled;
    });
    return judged;
  }

  private begin(window: LateWindow): void {
    const span = window.span();
    const storedUntilMs = this.storedUntilMs(window.itemId);
    if (span.fromMs - REPEATED_WITHIN_MS > storedUntilMs) window.take([NOTHING_STORED], storedUntilMs);
    else this.reading.push({ window, spans: [span] });
  }

  /** @returns how many points it may bring */
  private goOn(window: LateWindow): number {
    while (!window.isSettled && !window.isJoined) {
      const spans = window.widen(this.maxHeldPoints);
      if (spans.length > 0) {
        this.reading.push({ window, spans });
        return window.expectedCount;
      }
      window.take([], this.storedUntilMs(window.itemId));
    }
    return 0;
  }
}
