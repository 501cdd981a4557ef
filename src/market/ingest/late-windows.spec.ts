import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aPoint, distinct, historyOf, saidBy } from '../../../test/support/price-points.js';
import { REPEATED_WITHIN_MS } from './judge-points.js';
import { claimKey, type Found, LateWindow, type Span } from './late-windows.js';
import { comparePoints, type Point } from './point.js';

const points = fc.array(aPoint, { maxLength: 40 });

/** What is stored of one item. */
class Shelf {
  private rows: Point[] = [];
  readonly decided = new Set<string>();

  get storedUntilMs(): number {
    return Math.max(-Infinity, ...this.rows.map(({ capturedAtMs }) => capturedAtMs));
  }

  history(): Point[] {
    return this.rows.filter(({ standing }) => standing === 'kept').sort(comparePoints);
  }

  said(): unknown[] {
    return [...this.rows].sort(comparePoints).map(saidBy);
  }

  add(batch: readonly Point[]): void {
    this.judge(LateWindow.around([...batch].sort(comparePoints)));
  }

  /** As a curator takes a point out of the history. */
  take(point: Point): void {
    const storedUntilMs = this.storedUntilMs;
    this.rows = this.rows.filter(
      ({ capturedAtMs, source }) => capturedAtMs !== point.capturedAtMs || source.id !== point.source.id,
    );
    this.decided.add(claimKey(point.capturedAtMs, point.source.id));
    this.judge([new LateWindow(1, point.capturedAtMs, point.capturedAtMs, [])], storedUntilMs);
  }

  private judge(windows: readonly LateWindow[], storedUntilMs = this.storedUntilMs): void {
    let reading = windows.map((window): [LateWindow, Span] => [window, window.span()]);
    while (reading.length > 0) {
      for (const [window, span] of reading) window.take(this.find(span));
      reading = reading.flatMap(([window]) => {
        const span = window.widen(storedUntilMs);
        return span ? [[window, span] as [LateWindow, Span]] : [];
      });
    }
    const judged = windows.flatMap(({ points: all, verdicts }) =>
      all.map((point, index) => ({ point, verdict: verdicts[index]! })),
    );
    const touched = new Set(judged.map(({ point }) => saidBy(point).join()));
    this.rows = [
      ...this.rows.filter((row) => !touched.has(saidBy(row).join())),
      ...judged.flatMap(({ point, verdict }) =>
        verdict === 'known' ? [] : [{ ...point, standing: verdict, origin: -1 }],
      ),
    ];
  }

  private find({ fromMs, untilMs }: Span): Found {
    return {
      points: this.rows.filter(({ capturedAtMs }) => capturedAtMs >= fromMs && capturedAtMs < untilMs),
      before: this.history().findLast(
        ({ capturedAtMs }) => capturedAtMs < fromMs && capturedAtMs > fromMs - REPEATED_WITHIN_MS,
      ),
      decided: this.decided,
    };
  }
}

describe('stretches judged anew', () => {
  it('make the history of everything that was sent, however it came', () => {
    fc.assert(
      fc.property(fc.array(points, { minLength: 1, maxLength: 4 }), (batches) => {
        const shelf = new Shelf();
        for (const batch of batches) shelf.add(batch);
        const all = batches.flat();
        expect(shelf.history().map(saidBy)).toEqual(historyOf(all).map(saidBy));
        expect(shelf.said()).toEqual(distinct(all).map(saidBy));
      }),
      { numRuns: 500 },
    );
  });

  it('follow a long run of one price that begins earlier than was known', () => {
    const [some] = fc.sample(aPoint, 1);
    const run = Array.from({ length: 500 }, (_, index) => ({ ...some!, capturedAtMs: index * 600_000 }));
    const shelf = new Shelf();
    shelf.add(run.slice(1));
    shelf.add(run.slice(0, 1));
    expect(shelf.history().map(saidBy)).toEqual(historyOf(run).map(saidBy));
  });

  it('leave out what a curator has decided about, sent again or not', () => {
    fc.assert(
      fc.property(points, fc.nat(), (sent, pick) => {
        const shelf = new Shelf();
        shelf.add(sent);
        const victim = shelf.history()[pick % Math.max(1, shelf.history().length)];
        if (victim === undefined) return;
        shelf.take(victim);
        const others = sent.filter(
          ({ capturedAtMs, source }) =>
            capturedAtMs !== victim.capturedAtMs || source.id !== victim.source.id,
        );
        expect(shelf.history().map(saidBy)).toEqual(historyOf(others).map(saidBy));
        shelf.add(sent);
        expect(shelf.history().map(saidBy)).toEqual(historyOf(others).map(saidBy));
      }),
      { numRuns: 500 },
    );
  });
});
