import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { failing, type SyncUpstream } from '../../../test/support/sync-upstream.js';
import { DAY_MS, HOUR_MS, NOON, SyncTrial, trialStream } from '../../../test/support/sync-trial.js';
import { SyncFault } from './sync-fault.js';

// Properties of one run on its way through its pages, on an upstream with numbered pages and on one with cursors.

describe.each(['numbered', 'cursor'] as const)('an upstream with %s pages', (paging) => {
  let trial: SyncTrial;
  let upstream: SyncUpstream;

  beforeAll(async () => {
    trial = await SyncTrial.open({ paging });
    upstream = trial.upstream;
  });

  afterEach(async () => {
    await trial.forget();
    upstream.rows.clear();
    upstream.journal.length = 0;
    upstream.unreadable.clear();
    upstream.interfere = () => undefined;
    trial.clock.nowMs = NOON;
    trial.clock.sleeps.length = 0;
    trial.logged.length = 0;
  });

  afterAll(() => trial.close());

  it('P1: the same rows twice are the same rows', async () => {
    upstream.fill(35, NOON - HOUR_MS, 60_000);
    const first = await trial.sync();
    expect(first).toMatchObject({ state: 'succeeded', streams: [{ inserted: 35, updated: 0 }] });
    const dump = (): Promise<object[]> => trial.units.owner('SELECT * FROM platform.trial_row ORDER BY key');
    const before = await dump();
    const again = await trial.sync('backfill');
    expect(again.streams[0]).toMatchObject({ inserted: 0, updated: 0, unchanged: again.streams[0]!.fetched });
    expect(await dump()).toEqual(before);
    expect(await trial.stored()).toEqual(trial.expected());
  });

  it('P2: readers see what derives from rows only once a run is complete', async () => {
    upstream.fill(25, NOON - HOUR_MS, 60_000);
    await trial.sync();
    upstream.fill(40, NOON - 60_000, 1_000);
    const sums = new Set<number>();
    upstream.interfere = async () => void sums.add(await trial.sum());
    await trial.sync();
    expect([...sums]).toEqual([25]);
    expect(await trial.sum()).toBe(65);
  });

  it('P3: a newer version is not overwritten by an answer that comes late or is stale', async () => {
    const [row] = upstream.fill(1, NOON - HOUR_MS, 1);
    await trial.sync();
    trial.clock.advance(60_000);
    upstream.change(row!.id, 'newer');
    await trial.sync();
    const stale = { ...row!, body: 'as a cache remembers it' };
    upstream.interfere = () => ({ rows: [stale], refused: [], next: null, total: 1 });
    await trial.sync('backfill');
    expect(await trial.stored()).toEqual([`${row!.id} newer`]);
  });

  it('P5: the window is frozen, and the watermark moves at its end alone', async () => {
    upstream.fill(35, NOON - HOUR_MS, 60_000);
    const marks = new Set<unknown>();
    upstream.interfere = async (_asked, request) => {
      marks.add(await trial.watermark());
      trial.clock.advance(30_000); // time goes on, the window does not
      if (request === 3) throw new SyncFault('auth', 'the keys have been withdrawn');
    };
    const failed = await trial.sync();
    expect(failed).toMatchObject({ state: 'failed', errorKind: 'auth' });
    expect(await trial.watermark()).toBeUndefined();
    upstream.interfere = async () => void marks.add(await trial.watermark());
    const run = await trial.sync();
    expect([...marks]).toEqual([undefined]);
    expect(run.streams[0]!.windowTo.getTime()).toBe(NOON + 2 * DAY_MS); // of the run that it continues
    expect(await trial.watermark()).toBe(NOON - HOUR_MS);
    expect(await trial.stored()).toEqual(trial.expected());
  });

  it('P5: a failed run is continued where it stood, but not from a place that brought nothing', async () => {
    upstream.fill(50, NOON - HOUR_MS, 60_000);
    const gone = (): SyncFault => new SyncFault('gone', 'there is no such call');
    upstream.interfere = (_asked, request) => {
      if (request > 3) throw gone();
    };
    await trial.sync();
    const fetched = upstream.pages().length;
    upstream.interfere = failing(1, gone);
    expect((await trial.sync()).streams[0]).toMatchObject({ pages: 0 });
    const startsAt = upstream.pages().at(-1)!;
    expect(startsAt.cursor ?? startsAt.window.to.getTime()).not.toBe(NOON + 2 * DAY_MS);
    upstream.interfere = () => undefined;
    await trial.sync();
    expect(upstream.pages().length - fetched).toBeGreaterThan(5); // all of it: the place may have been the fault
    expect(await trial.stored()).toEqual(trial.expected());
  });

  it('P6, P7: late rows and changes within the overlap come with the next run, later ones with a reconcile', async () => {
    const rows = upstream.fill(30, NOON - 10 * 60_000, 10 * 60_000);
    await trial.sync();
    trial.clock.advance(300_000);
    upstream.put({ id: 'late', atMs: NOON - 40 * 60_000 });
    upstream.change(rows[2]!.id, 'costs more now');
    upstream.put({ id: 'very-late', atMs: NOON - 2 * DAY_MS });
    upstream.change(rows[25]!.id, 'changed long after');
    const next = await trial.sync();
    expect(next.streams[0]).toMatchObject({ inserted: 1, updated: 1 });
    const missed = trial.expected().filter((row) => /very-late|long after/.test(row));
    expect(missed).toHaveLength(2);
    expect(await trial.stored()).not.toEqual(expect.arrayContaining(missed));
    const reconcile = await trial.sync('reconcile');
    expect(reconcile.streams[0]).toMatchObject({ inserted: 1, updated: 1, removed: 0 }); // the run log reports them
    expect(await trial.stored()).toEqual(trial.expected());
  });

  it('P6: with lags as a real project has them, up to 432 s, no poll of five minutes loses a row', async () => {
    for (let index = 0; index < 120; index += 1) {
      const atMs = NOON + index * 47_000;
      upstream.put({ atMs, arrivesMs: atMs + 1_900 + ((index * 7_919) % 430_000) });
    }
    while (trial.clock.nowMs < NOON + 120 * 47_000 + 500_000) {
      await trial.sync();
      trial.clock.advance(300_000);
    }
    await trial.sync();
    expect(await trial.stored()).toEqual(trial.expected());
    expect(await trial.stored()).toHaveLength(120);
  }, 60_000);

  it('P8: rows that come and go while one reads neither hide others nor double them', async () => {
    const rows = upstream.fill(60, NOON - HOUR_MS, 60_000);
    upstream.interfere = (_asked, request) => {
      upstream.rows.delete(rows[request * 10 - 12]?.id ?? ''); // on a page that was read
      upstream.put({ id: `new-${request}`, atMs: NOON - HOUR_MS + request });
      upstream.put({ id: `old-${request}`, atMs: NOON - 2 * HOUR_MS + 1 });
    };
    await trial.sync();
    const stored = await trial.stored();
    const stayed = rows.filter(({ id }) => upstream.rows.has(id)).map(({ id, body }) => `${id} ${body}`);
    expect(stored).toEqual(expect.arrayContaining(stayed));
    expect(new Set(stored).size).toBe(stored.length);
  });

  it('P9: 250 rows of one millisecond, at the edges of pages and of windows, are 250 rows', async () => {
    for (let index = 0; index < 250; index += 1) upstream.put({ atMs: NOON - 5 * 60_000 });
    upstream.fill(15, NOON - 5 * 60_000 - 1, 1);
    upstream.fill(15, NOON - 5 * 60_000 + 15, 1);
    await trial.sync();
    expect(await trial.stored()).toEqual(trial.expected());
    await trial.forget();
    const edge = new Date(NOON - 5 * 60_000);
    await trial.sync('backfill', { from: new Date(NOON - HOUR_MS), to: edge });
    await trial.sync('backfill', { from: edge, to: new Date(NOON) });
    expect(await trial.stored()).toEqual(trial.expected());
  });

  it.each([-600_000, 600_000])('P10: a clock that is %s ms off loses nothing', async (skewMs) => {
    // The upstream's rows are dated by its own clock, which is that far from ours.
    for (let poll = 0; poll < 8; poll += 1) {
      upstream.fill(7, trial.clock.nowMs + skewMs, 40_000);
      await trial.sync();
      expect(await trial.stored()).toEqual(trial.expected());
      expect(await trial.watermark()).toBeLessThanOrEqual(trial.clock.nowMs - 60_000);
      trial.clock.advance(300_000);
    }
  });

  it('P10: a row dated tomorrow is stored today and holds nothing up', async () => {
    upstream.put({ id: 'tomorrow', atMs: NOON + DAY_MS });
    upstream.fill(12, NOON - 1_000, 1_000);
    await trial.sync();
    expect(await trial.stored()).toEqual(trial.expected());
    expect(await trial.watermark()).toBe(NOON - 60_000);
    trial.clock.advance(300_000);
    upstream.fill(12, NOON + 200_000, 1_000);
    await trial.sync();
    expect(await trial.stored()).toEqual(trial.expected());
    expect(await trial.watermark()).toBe(NOON + 240_000); // as if the row were of now
  });

  it('P17: rows that come before what they hang on are linked once that has come', async () => {
    const parents = upstream;
    const { engine } = trial;
    const children = Object.assign(Object.create(parents), { rows: new Map(), journal: [] }) as SyncUpstream;
    const source = trial.addSource('trial:family', [parents]);
    Object.assign(source, { streams: [trialStream(children, 'children'), trialStream(parents, 'rows')] });
    for (let index = 0; index < 20; index += 1) {
      children.put({
        id: `child-${index}`,
        atMs: NOON - index,
        parentId: index % 5 === 4 ? null : `parent-${index % 7}`,
      });
      if (index < 7)
        parents.put({ id: `parent-${index}`, atMs: NOON - index, arrivesMs: NOON + (index % 3) * 400_000 });
    }
    const orphans = async (): Promise<number> =>
      (
        await trial.units.owner<{ count: number }>(
          `SELECT count(*)::int AS count FROM platform.trial_row c WHERE stream = 'children' AND parent IS NOT NULL
             AND NOT EXISTS (SELECT FROM platform.trial_row p WHERE p.stream = 'rows' AND p.key = c.parent)`,
        )
      )[0]!.count;
    const counts: number[] = [];
    for (let poll = 0; poll < 3; poll += 1) {
      await trial.drive((await trial.start('incremental', null, 'trial:family')).id, engine);
      counts.push(await orphans());
      trial.clock.advance(400_000);
    }
    expect(counts[0]).toBeGreaterThan(counts[1]!);
    expect(counts[1]).toBeGreaterThan(0);
    expect(counts[2]).toBe(0);
  });
});
