import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aPoint, distinct, historyOf, saidBy } from '../../../test/support/price-points.js';
import { REPEATED_WITHIN_MS } from './judge-points.js';
import { LateRounds } from './late-rounds.js';
import { claimKey, type Found, type JudgedStretch, LateWindow, type Span } from './late-windows.js';
import { comparePoints, type Point } from './point.js';

const points = fc.array(aPoint, { maxLength: 40 });

/** What is stored of one item. */
class Shelf {
  private rows: Point[] = [];
  readonly decided = new Set<string>();
  private decidedUntilMs = -Infinity;
  /** Rounds that were read. */
  roundCount = 0;
  /** The most stored points that one round has brought. */
  mostRead = 0;

  constructor(private readonly maxHeldPoints = 50_000) {}

  get storedUntilMs(): number {
    return Math.max(this.decidedUntilMs, ...this.rows.map(({ capturedAtMs }) => capturedAtMs));
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
    this.decidedUntilMs = point.capturedAtMs;
    this.judge([new LateWindow(1, point.capturedAtMs, point.capturedAtMs, [])], storedUntilMs);
  }

  private judge(windows: readonly LateWindow[], storedUntilMs = this.storedUntilMs): void {
    const rounds = new LateRounds(windows, () => storedUntilMs, this.maxHeldPoints);
    for (let spans: Span[] | undefined; spans?.length !== 0;) {
      spans = rounds.spans();
      if (spans.length > 0) {
        const found = spans.map((span) => this.find(span));
        this.roundCount += 1;
        this.mostRead = Math.max(
          this.mostRead,
          found.reduce((sum, { points }) => sum + points.length, 0),
        );
        rounds.take(found);
      }
      for (const stretch of rounds.judged()) this.put(stretch);
    }
  }

  private put({ points: all, verdicts }: JudgedStretch): void {
    const judged = all.map((point, index) => ({ point, verdict: verdicts[index]! }));
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

/** Points that say one price. */
function everyMs(stepMs: number, count: number, fromMs = 0): Point[] {
  const [some] = fc.sample(aPoint, 1);
  return Array.from({ length: count }, (_, index) => ({
    ...some!,
    capturedAtMs: fromMs + index * stepMs,
  }));
}

describe('stretches judged anew', () => {
  it('make the history of everything that was sent, however it came', () => {
    fc.assert(
      fc.property(
        fc.array(points, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 8, 1_000),
        (batches, most) => {
          const shelf = new Shelf(most);
          for (const batch of batches) shelf.add(batch);
          const all = batches.flat();
          expect(shelf.history().map(saidBy)).toEqual(historyOf(all).map(saidBy));
          expect(shelf.said()).toEqual(distinct(all).map(saidBy));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('follow a long run of one price that begins earlier than was known, with late points all along, in few rounds', () => {
    const run = everyMs(600_000, 3_000);
    const shelf = new Shelf();
    shelf.add(run.slice(1).filter((_, index) => index % 10 > 0));
    shelf.roundCount = 0;
    shelf.add(run.filter((_, index) => index === 0 || index % 10 === 1));
    expect(shelf.history().map(saidBy)).toEqual(historyOf(run).map(saidBy));
    expect(shelf.roundCount).toBeLessThan(10);
  });

  it('hold no more of it than they may, however long it is', () => {
    const run = everyMs(60_000, 3_000);
    const other = everyMs(60_000, 40, 10_000_000_000);
    const shelf = new Shelf(100);
    shelf.add([...run.slice(1), ...other.slice(1)]);
    shelf.mostRead = 0;
    shelf.add([run[0]!, other[0]!]);
    const all = [...run, ...other];
    expect(shelf.history().map(saidBy)).toEqual(historyOf(all).map(saidBy));
    expect(shelf.mostRead).toBeLessThan(500);
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
