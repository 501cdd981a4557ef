import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf } from './fix-columns.js';
import { type Fix, readFix } from './fix.js';
import { foldRun, lapsOf, pausesOf, type Recording, type RunEvent } from './fold-run.js';

const AT = 1_764_000_000_000;

/** Eastwards at three metres a second, a fix every second. */
function fix(seq: number, atMs = AT + seq * 1_000): Fix {
  return readFix([seq, atMs, 48, 11 + seq * 4.03e-5, 4, 520, 3, 90, 140, 172]) as Fix;
}
const fixes = (count: number): Fix[] => Array.from({ length: count }, (_v, index) => fix(index + 1));

function fold(list: readonly Fix[], more: Partial<Recording> = {}): ReturnType<typeof foldRun> {
  return foldRun({
    startedAtMs: AT,
    finishedAtMs: null,
    sport: 'run',
    fixes: columnsOf(list),
    events: [],
    ...more,
  });
}

describe('a folded run', () => {
  it('has every fix at its time since the start', () => {
    const { track, pauses, laps, corrections } = fold(fixes(60));
    expect([...track.tMs]).toEqual(Array.from({ length: 60 }, (_v, index) => (index + 1) * 1_000));
    expect([track.latDeg[7], track.heartRateBpm![7], track.accuracyM![7]]).toEqual([48, 140, 4]);
    expect([pauses, laps, corrections]).toEqual([[], [], []]);
  });

  it('leaves out what the device had kept from before the start, and says so', () => {
    const { track, corrections } = fold([fix(1, AT - 900_000), fix(2, AT - 1), ...fixes(40).slice(2)]);
    expect([track.length, track.tMs[0]]).toEqual([38, 3_000]);
    expect(corrections).toMatchObject([
      { kind: 'clock', pointCount: 2, before: { pointCount: 2 }, after: { pointCount: 0 } },
    ]);
  });

  it('counts from its first fix where many lie before the start that was told', () => {
    const { track } = fold(fixes(60), { startedAtMs: AT + 50_000 });
    expect([track.length, track.tMs[0], track.tMs[59]]).toEqual([60, 0, 59_000]);
    expect(fold(fixes(9), { startedAtMs: AT + 50_000 }).track.length).toBe(9);
  });

  it('says which times are not those of the device', () => {
    const set = fixes(100).map((one) => (one.seq > 50 ? { ...one, atMs: one.atMs - 3_600_000 } : one));
    const { track, corrections } = fold(set);
    expect([...track.tMs]).toEqual([...fold(fixes(100)).track.tMs]);
    expect(corrections).toMatchObject([{ kind: 'clock', pointCount: 50, fromMs: 51_000, toMs: 100_000 }]);
  });

  it('is there without a single fix, and lasts until the runner pressed stop', () => {
    const pause: RunEvent = { kind: 'pause', seq: 1, atMs: AT + 60_000 };
    const nothing = fold([], { finishedAtMs: AT + 90_000, events: [pause] });
    expect([nothing.track.length, nothing.pauses]).toEqual([0, [{ fromMs: 60_000, toMs: 90_000 }]]);
    expect(fold(fixes(3), { finishedAtMs: AT + 90_000, events: [pause] }).pauses).toEqual(nothing.pauses);
  });
});

const events = fc.uniqueArray(
  fc.record<RunEvent>({
    kind: fc.constantFrom('pause', 'resume', 'lap'),
    seq: fc.integer({ min: 1, max: 40 }),
    atMs: fc.integer({ min: AT - 5, max: AT + 120 }),
  }),
  { selector: ({ kind, seq }) => `${kind} ${seq}`, maxLength: 20 },
);

describe('pauses and laps', () => {
  it('are the same in whatever order the presses came, and lie in the run one after the other', () => {
    fc.assert(
      fc.property(events, (pressed) => {
        const pauses = pausesOf(pressed, AT, 100);
        expect(pausesOf([...pressed].reverse(), AT, 100)).toEqual(pauses);
        let last = -1;
        for (const { fromMs, toMs } of pauses) {
          expect(fromMs).toBeGreaterThan(last);
          expect(toMs).toBeGreaterThan(fromMs);
          last = toMs;
        }
        expect(last).toBeLessThanOrEqual(100);
        const ends = lapsOf(pressed, AT, 100).map(({ endMs }) => endMs);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
        expect(ends.length).not.toBe(1);
        if (ends.length > 0) expect(ends.at(-1)).toBe(100);
      }),
    );
  });

  it('count the first of two presses, and last to the end where nobody went on', () => {
    const press = (kind: RunEvent['kind'], second: number): RunEvent => ({
      kind,
      seq: second,
      atMs: AT + second,
    });
    expect(
      pausesOf([press('pause', 10), press('pause', 20), press('resume', 30), press('resume', 40)], AT, 100),
    ).toEqual([{ fromMs: 10, toMs: 30 }]);
    expect(pausesOf([press('pause', 90)], AT, 100)).toEqual([{ fromMs: 90, toMs: 100 }]);
    expect(pausesOf([press('resume', 90)], AT, 100)).toEqual([]);
    expect(lapsOf([press('lap', 40)], AT, 100).map(({ endMs }) => endMs)).toEqual([40, 100]);
    expect(lapsOf([press('pause', 40)], AT, 100)).toEqual([]);
  });
});
