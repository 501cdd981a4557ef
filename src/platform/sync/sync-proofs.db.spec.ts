import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, NOON, SyncTrial } from '../../../test/support/sync-trial.js';
import type { SyncUpstream, UpstreamRow } from '../../../test/support/sync-upstream.js';
import { SyncFault } from './sync-fault.js';

describe.each(['numbered', 'cursor'] as const)('an upstream with %s pages', (paging) => {
  let trial: SyncTrial;
  let upstream: SyncUpstream;
  let rows: UpstreamRow[];

  beforeAll(async () => {
    trial = await SyncTrial.open({ paging });
    upstream = trial.upstream;
  });

  /** Five days of rows, 24 a day. */
  const begin = async (): Promise<void> => {
    rows = upstream.fill(120, NOON - HOUR_MS, HOUR_MS);
    await trial.sync();
    upstream.journal.length = 0;
  };

  afterEach(async () => {
    await trial.forget();
    upstream.rows.clear();
    upstream.journal.length = 0;
    upstream.unreadable.clear();
    upstream.interfere = () => undefined;
    trial.clock.nowMs = NOON;
  });

  afterAll(() => trial.close());

  describe('P16: a row that is gone', () => {
    it('is removed when two full scans have missed it, and comes back if it does', async () => {
      await begin();
      const gone = rows[50]!;
      upstream.rows.delete(gone.id);
      expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ removed: 0 });
      expect(await trial.stored()).toHaveLength(120);
      expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ removed: 1 });
      expect(await trial.stored()).toEqual(trial.expected());
      expect(await trial.sum()).toBe(119);
      upstream.put(gone);
      expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ updated: 1 });
      expect(await trial.stored()).toHaveLength(120);
    });

    it('stays when the second scan meets it again', async () => {
      await begin();
      const gone = rows[50]!;
      upstream.rows.delete(gone.id);
      await trial.sync('reconcile');
      upstream.put(gone);
      await trial.sync('reconcile');
      upstream.rows.delete(gone.id);
      expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ removed: 0 });
      expect(await trial.stored()).toHaveLength(120);
    });

    it('stays while scans fail in the middle of its day', async () => {
      await begin();
      upstream.rows.delete(rows[50]!.id);
      const day = Math.floor(rows[50]!.atMs / DAY_MS) * DAY_MS;
      upstream.interfere = ({ window, cursor }) => {
        const isFirst = cursor === null && window.to.getTime() === day + DAY_MS;
        if (window.from.getTime() === day && !isFirst) throw new SyncFault('gone', 'cut');
      };
      for (let scan = 0; scan < 4; scan += 1)
        expect(await trial.sync('reconcile')).toMatchObject({ state: 'failed', streams: [{ removed: 0 }] });
      expect(await trial.stored()).toHaveLength(120);
    });

    it('of the running day stays, and so do all of an upstream that hides a day behind rows without a key', async () => {
      await begin();
      upstream.rows.delete(rows[3]!.id); // today
      const old = rows[50]!;
      upstream.rows.delete(old.id);
      const page = upstream.page.bind(upstream);
      upstream.interfere = async (asked, _request, signal) => {
        const day = asked.window.from.getTime() <= old.atMs && asked.window.to.getTime() > old.atMs;
        upstream.interfere = () => undefined;
        const answer = await page({ ...asked, signal });
        upstream.interfere = hiding;
        return day ? { ...answer, refused: [{ key: null, reason: 'not to be read' }] } : answer;
      };
      const hiding = upstream.interfere;
      for (let scan = 0; scan < 3; scan += 1)
        expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ removed: 0 });
      expect(await trial.stored()).toHaveLength(120);
    });

    it('is not a row that cannot be read', async () => {
      await begin();
      upstream.unreadable.add(rows[50]!.id);
      for (let scan = 0; scan < 3; scan += 1)
        expect((await trial.sync('reconcile')).streams[0]).toMatchObject({ removed: 0 });
      expect(await trial.stored()).toHaveLength(120);
    });

    it('beyond the reach of a reconcile is found by one that is asked for', async () => {
      await begin();
      const range = { from: new Date(NOON - 20 * DAY_MS), to: new Date(NOON - 2 * DAY_MS) };
      upstream.rows.delete(rows[100]!.id);
      await trial.sync('reconcile', range);
      await trial.sync('reconcile', range);
      expect(await trial.stored()).toEqual(trial.expected());
    });
  });

  describe('P18: verification', () => {
    it('reads nothing where counts agree', async () => {
      await begin();
      const run = await trial.sync('verify');
      expect(run).toMatchObject({ state: 'succeeded', streams: [{ pages: 0 }] });
      expect(upstream.pages()).toEqual([]);
      expect(upstream.journal).toHaveLength(7);
      expect(await trial.gaps()).toEqual([]);
    });

    it('finds a row that is missing here, repairs its day alone, and says so', async () => {
      await begin();
      await trial.units.owner('DELETE FROM platform.trial_row WHERE key = $1', [rows[50]!.id]);
      const run = await trial.sync('verify');
      expect(run.streams[0]).toMatchObject({ inserted: 1, fetched: expect.any(Number) });
      const day = Math.floor(rows[50]!.atMs / DAY_MS) * DAY_MS;
      expect(new Set(upstream.pages().map(({ window }) => window.from.getTime()))).toEqual(new Set([day]));
      expect(await trial.stored()).toEqual(trial.expected());
      expect(await trial.gaps()).toMatchObject([
        {
          windowFrom: new Date(day),
          windowTo: new Date(day + DAY_MS),
          upstreamCount: 24,
          storedCount: 24,
          repairedAt: new Date(NOON),
        },
      ]);
      expect(await trial.sum()).toBe(120);
    });

    it('shows a gap until rows that the upstream has lost are proven to be gone', async () => {
      await begin();
      upstream.rows.delete(rows[50]!.id);
      await trial.sync('verify');
      expect(await trial.gaps(true)).toMatchObject([
        { upstreamCount: 23, storedCount: 24, repairedAt: null },
      ]);
      trial.clock.advance(HOUR_MS);
      expect((await trial.sync('verify')).streams[0]).toMatchObject({ removed: 1 });
      expect(await trial.gaps(true)).toEqual([]);
      expect(await trial.gaps()).toMatchObject([
        { foundAt: new Date(NOON), repairedAt: new Date(NOON + HOUR_MS), storedCount: 23 },
      ]);
    });

    it('reads a day that the upstream cannot count', async () => {
      await begin();
      upstream.interfere = ({ what, window }) => {
        if (what === 'count' && window.from.getTime() === NOON - 12 * HOUR_MS - DAY_MS)
          throw new SyncFault('too_large', 'request timed out');
      };
      await trial.units.owner('DELETE FROM platform.trial_row WHERE key = $1', [rows[20]!.id]);
      expect(await trial.sync('verify')).toMatchObject({ state: 'succeeded', streams: [{ inserted: 1 }] });
      expect(await trial.stored()).toEqual(trial.expected());
    });
  });
});
