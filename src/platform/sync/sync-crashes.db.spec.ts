import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SystemUnitOfWork } from '../database/database.module.js';
import { openDatabase } from '../database/database.module.js';
import type { Scope, Tx } from '../database/unit-of-work.js';
import { ENTITIES } from '../../app.entities.js';
import { HOUR_MS, NOON, SyncTrial, type WholeRun } from '../../../test/support/sync-trial.js';
import { SyncUpstream } from '../../../test/support/sync-upstream.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { SourceView } from './sync-desk.service.js';
import { SyncFault } from './sync-fault.js';
import { SYNC_TIMES } from './sync-world.js';

let trial: SyncTrial;

beforeAll(async () => {
  trial = await SyncTrial.open();
});

afterEach(async () => {
  await trial.forget();
  trial.upstream.rows.clear();
  trial.upstream.journal.length = 0;
  trial.upstream.interfere = () => undefined;
  trial.clock.nowMs = NOON;
  trial.logged.length = 0;
});

afterAll(() => trial.close());

const KILLED = new Error('killed');
type Moment = 'before' | 'inside' | 'after';

/** The system's transactions as a process makes them that is killed at one of them: from there on nothing happens any more. */
function dying(at: number, moment: Moment): { unit: Pick<SystemUnitOfWork, 'run'>; isDead: () => boolean } {
  let count = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw KILLED;
  };
  const run = async <T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (isDead) throw KILLED;
    count += 1;
    const isLast = count === at;
    if (isLast && moment === 'before') die();
    const result = await trial.units.system.run(scope, async (tx) => {
      const value = await work(tx);
      if (isLast && moment === 'inside') die();
      return value;
    });
    if (isLast) die();
    return result;
  };
  return { unit: { run }, isDead: () => isDead };
}

describe('P4: a process that is killed', () => {
  it.each(['before', 'inside', 'after'] as const)(
    '%s any of its transactions loses nothing, and costs one page at most',
    async (moment) => {
      const children = new SyncUpstream(trial.clock, 'cursor');
      trial.addSource('trial:two', [trial.upstream, children]);
      trial.upstream.fill(33, NOON - HOUR_MS, 60_000);
      children.fill(27, NOON - HOUR_MS, 1_000);
      const start = (): Promise<{ id: string }> => trial.start('incremental', null, 'trial:two');
      const asked = (): number => trial.upstream.journal.length + children.journal.length;
      const clean = await trial.drive((await start()).id);
      const cleanPages = asked();
      const cleanStored = [await trial.stored(), await trial.stored('rows-2')];
      expect(cleanStored.flat()).toHaveLength(60);
      for (let at = 1; ; at += 1) {
        await trial.forget();
        trial.upstream.journal.length = children.journal.length = 0;
        trial.clock.nowMs = NOON;
        const { unit, isDead } = dying(at, moment);
        const { id } = await start();
        await trial.turn(id, trial.openEngine(unit)).catch((error: unknown) => expect(error).toBe(KILLED));
        if (!isDead()) break;
        trial.clock.advance(SYNC_TIMES.staleMs + 1);
        const before = await trial.run(id);
        const run = before.finishedAt === null ? await trial.drive(id) : before;
        expect(run.state).toBe('succeeded');
        expect([await trial.stored(), await trial.stored('rows-2')]).toEqual(cleanStored);
        expect(asked()).toBeLessThanOrEqual(cleanPages + 1);
        const counts = (whole: typeof run): object[] =>
          whole.streams.map(({ fetched, inserted, pages }) => ({ fetched, inserted, pages }));
        expect(counts(run)).toEqual(counts(clean)); // what was rolled back is not counted
        expect(await trial.sum()).toBe(33);
      }
    },
    60_000,
  );

  it('between its last page and the end of the run has moved the watermark with that page, never before', async () => {
    trial.upstream.fill(33, NOON - HOUR_MS, 60_000);
    for (let at = 1; ; at += 1) {
      await trial.forget();
      trial.clock.nowMs = NOON;
      const { unit, isDead } = dying(at, 'after');
      const { id } = await trial.start();
      await trial.turn(id, trial.openEngine(unit)).catch(() => undefined);
      if (!isDead()) break;
      const mark = await trial.watermark();
      const isWhole = (await trial.stored()).length === 33;
      expect(mark).toBe(isWhole ? NOON - HOUR_MS : undefined);
    }
  }, 60_000);
});

describe('P14: one run per source', () => {
  it('comes of twenty requests at once in two processes, and all of them are told of it', async () => {
    const target = { url: trial.units.url, directUrl: trial.units.url, pooler: 'none', poolMax: 4 } as const;
    const second = await openDatabase(target, ENTITIES);
    try {
      const engines = [trial.engine, trial.openEngine(second.system)];
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_none, index) =>
          [trial.units.app, second.app][index % 2]!.run({ id: '' }, (tx) =>
            engines[index % 2]!.starter.start(tx, {
              sourceId: 'trial:one',
              kind: 'incremental',
              trigger: 'request',
              range: null,
            }),
          ),
        ),
      );
      const ids = new Set(outcomes.map((outcome) => typeof outcome === 'object' && outcome.run.id));
      expect(ids.size).toBe(1);
      expect(outcomes.filter((outcome) => typeof outcome === 'object' && !outcome.isJoined)).toHaveLength(1);
      expect(await trial.status()).toMatchObject({ state: 'running' }); // before any worker has seen it
      trial.upstream.fill(35, NOON - HOUR_MS, 60_000);
      let open = 0;
      trial.upstream.interfere = async () => {
        expect((open += 1)).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
      };
      const [id] = [...ids] as string[];
      await Promise.all(
        engines.flatMap((engine) => [1, 2, 3].map(() => engine.runner.run(id!, trial.job()))),
      );
      expect(await trial.run(id!)).toMatchObject({ state: 'succeeded', streams: [{ pages: 4 }] });
      expect(trial.upstream.journal).toHaveLength(4);
    } finally {
      await second.close();
    }
  });

  it('at a time: another kind waits for its turn and follows by itself', async () => {
    trial.upstream.fill(15, NOON - HOUR_MS, 60_000);
    const first = await trial.start();
    const second = await trial.start('reconcile');
    let inside: string | undefined;
    trial.upstream.interfere = async () => {
      await trial.engine.runner.run(second.id, trial.job());
      inside ??= (await trial.run(second.id)).state;
    };
    await trial.turn(first.id);
    expect(inside).toBe('queued');
    const jobs = await trial.units.owner<{ runId: string }>(
      `SELECT payload ->> 'runId' AS "runId" FROM platform.job WHERE state = 'open' AND name = 'platform.run-sync'`,
    );
    expect(jobs).toContainEqual({ runId: second.id });
    trial.upstream.interfere = () => undefined;
    expect(await trial.drive(second.id)).toMatchObject({ state: 'succeeded' });
  });

  it('joins whoever asks for what is under way, but not for another range', async () => {
    const range = { from: new Date(NOON - HOUR_MS), to: new Date(NOON) };
    const run = await trial.start('backfill', range);
    expect((await trial.start('backfill', range)).id).toBe(run.id);
    await expect(trial.start('backfill', { ...range, from: new Date(NOON - 2 * HOUR_MS) })).rejects.toThrow(
      'other-range',
    );
    await expect(trial.start('incremental', range)).rejects.toThrow('bad-range');
    await expect(trial.start('backfill', { from: range.to, to: range.from })).rejects.toThrow('bad-range');
    await expect(trial.start('backfill', range, 'trial:none')).rejects.toThrow('no-source');
  });

  it('that was thought dead and is not writes nothing once another worker has gone on', async () => {
    const rows = trial.upstream.fill(15, NOON - HOUR_MS, 1_000);
    const stale = rows
      .slice(0, 10)
      .map((row) => ({ ...row, body: 'of long ago', updatedMs: NOON + HOUR_MS }));
    const { id } = await trial.start();
    let goOn: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    trial.upstream.interfere = async (_asked, request) => {
      if (request === 1) {
        await waiting;
        return { rows: stale, refused: [], next: '2', total: 15 };
      }
      if (request === 3) {
        goOn();
        await zombie; // in the middle of the other's run
      }
      return undefined;
    };
    const zombie = trial.engine.runner.run(id, trial.job());
    await waitUntil('it has asked', 10_000, () => trial.upstream.journal.length === 1);
    trial.clock.advance(SYNC_TIMES.staleMs + 1);
    expect(await trial.drive(id, trial.openEngine())).toMatchObject({ state: 'succeeded' });
    expect(trial.upstream.journal).toHaveLength(3);
    expect(await trial.stored()).toEqual(trial.expected());
    expect(trial.logged.join()).toContain('taken over');
    expect(await trial.run(id)).toMatchObject({ state: 'succeeded', streams: [{ pages: 2, inserted: 15 }] });
  });
});

describe('P15: a run whose worker has died', () => {
  const killAfterPages = async (at: number): Promise<string> => {
    trial.upstream.fill(35, NOON - HOUR_MS, 60_000);
    const { id } = await trial.start();
    const { unit } = dying(at, 'after');
    await expect(trial.turn(id, trial.openEngine(unit))).rejects.toBe(KILLED);
    return id;
  };
  const openJobs = async (): Promise<string[]> =>
    (
      await trial.units.owner<{ runId: string }>(
        `SELECT payload ->> 'runId' AS "runId" FROM platform.job WHERE state = 'open' AND name = 'platform.run-sync'`,
      )
    ).map(({ runId }) => runId);

  it('is taken up again once it has given no sign of life for a while, by the look that is had every minute', async () => {
    const id = await killAfterPages(4);
    await trial.engine.starter.startDue(null);
    expect(await openJobs()).not.toContain(id);
    await trial.engine.runner.run(id, trial.job());
    expect(await trial.run(id)).toMatchObject({ state: 'running' }); // nobody takes what may be in good hands
    trial.clock.advance(SYNC_TIMES.staleMs + 1);
    await trial.engine.starter.startDue(null);
    expect(await openJobs()).toContain(id);
    expect(await trial.drive(id)).toMatchObject({ state: 'succeeded' });
    expect(await trial.status()).toMatchObject({ state: 'idle' });
  });

  it('is taken up at once by the job that had it', async () => {
    trial.upstream.fill(35, NOON - HOUR_MS, 60_000);
    const { id } = await trial.start();
    const job = trial.job();
    const { unit } = dying(4, 'after');
    await expect(trial.openEngine(unit).runner.run(id, job)).rejects.toBe(KILLED);
    await trial.engine.runner.run(id, job);
    expect(await trial.run(id)).toMatchObject({ state: 'succeeded' });
  });

  it('does not count as running for ever, where no worker is left', async () => {
    await killAfterPages(4);
    expect(await trial.status()).toMatchObject({ state: 'running' });
    trial.clock.advance(400_000);
    expect(await trial.status()).toMatchObject({
      state: 'error',
      error: expect.stringContaining('no worker'),
    });
  });

  it('sets nobody back: another kind of run goes on in the meantime, and the dead one comes after it', async () => {
    const id = await killAfterPages(4);
    trial.clock.advance(SYNC_TIMES.staleMs + 1);
    expect(await trial.sync('backfill')).toMatchObject({ state: 'succeeded' });
    expect(await trial.run(id)).toMatchObject({ state: 'queued' });
    expect(await openJobs()).toContain(id);
    expect(await trial.drive(id)).toMatchObject({ state: 'succeeded' });
  });

  it('that brings down whoever takes it is given up', async () => {
    const { id } = await trial.start();
    for (let death = 0; death < 7; death += 1) {
      const { unit } = dying(3, 'before'); // once it is open, the first page is never stored
      await trial.turn(id, trial.openEngine(unit)).catch(() => undefined);
      trial.clock.advance(SYNC_TIMES.staleMs + 1);
    }
    expect(await trial.run(id)).toMatchObject({ state: 'failed', errorKind: 'internal' });
  });
});

describe('what is said to be complete', () => {
  it('is what the last complete run has read, not what a later one has before its figures are made', async () => {
    let derive: () => Promise<void> = () => Promise.resolve();
    const told: string[] = [];
    let isRefused = false;
    trial.addSource('trial:derived', [trial.upstream], {
      afterRun: () => derive(),
      whenSucceeded: async (tx) => {
        const [run] = await tx.query<{ state: string }>(
          'SELECT state FROM platform.sync_run ORDER BY id DESC LIMIT 1',
        );
        told.push(run!.state);
        if (isRefused) throw new Error('not yet');
      },
    });
    const seen = async (): Promise<number | null> =>
      (await trial.status('trial:derived')).completeThrough?.getTime() ?? null;
    const run = (): Promise<WholeRun> => trial.sync('incremental', null, 'trial:derived');

    derive = async () => expect(await seen()).toBeNull();
    expect(await run()).toMatchObject({ state: 'succeeded' });
    const first = await seen();
    expect(first).toBe(NOON - 60_000);

    trial.clock.advance(300_000);
    derive = () => Promise.reject(new Error('the figures cannot be made'));
    expect(await run()).toMatchObject({ state: 'failed' });
    expect([await seen(), told]).toEqual([first, ['succeeded']]);

    trial.clock.advance(300_000);
    derive = async () => expect(await seen()).toBe(first);
    isRefused = true;
    expect(await run()).toMatchObject({ state: 'failed' });
    isRefused = false;
    expect(await seen()).toBe(first);
    expect(await run()).toMatchObject({ state: 'succeeded' });
    expect(await seen()).toBe(NOON + 600_000 - 60_000);
    expect(told).toEqual(['succeeded', 'succeeded', 'succeeded']); // in the transaction that says so
  });
});

describe('the state of a source', () => {
  it('is that of its copy: a verification that failed or a long reconcile says nothing of it', async () => {
    trial.upstream.fill(12, NOON - HOUR_MS, 60_000);
    await trial.sync();
    trial.upstream.interfere = () => Promise.reject(new SyncFault('auth', 'no'));
    expect(await trial.sync('verify')).toMatchObject({ state: 'failed' });
    const idle = { state: 'idle', error: null };
    expect(await trial.status()).toMatchObject({ ...idle, copy: idle });
    let during: SourceView | undefined;
    trial.upstream.interfere = async () => void (during = await trial.status());
    await trial.sync('reconcile');
    expect(during).toMatchObject({ state: 'running', copy: idle });
    await trial.sync();
    expect(during).toMatchObject({ state: 'running', copy: { state: 'running' } });
    trial.upstream.interfere = () => Promise.reject(new SyncFault('auth', 'no'));
    expect(await trial.sync()).toMatchObject({ state: 'failed' });
    const failed = { state: 'error', error: 'no' };
    expect(await trial.status()).toMatchObject({ ...failed, copy: failed });
  });
});

describe('cancellation', () => {
  it('ends what waits at once, and what runs at its next page', async () => {
    trial.upstream.fill(45, NOON - HOUR_MS, 60_000);
    const waiting = await trial.start();
    expect(await trial.cancel(waiting.id)).toMatchObject({ state: 'cancelled' });
    await trial.engine.runner.run(waiting.id, trial.job());
    expect(trial.upstream.journal).toHaveLength(0);
    const running = await trial.start();
    trial.upstream.interfere = async (_asked, request) => {
      if (request === 2) expect(await trial.cancel(running.id)).toMatchObject({ state: 'running' });
    };
    await trial.turn(running.id);
    expect(await trial.run(running.id)).toMatchObject({
      state: 'cancelled',
      error: null,
      streams: [{ pages: 1 }],
    });
    expect(await trial.watermark()).toBeUndefined();
    expect(await trial.sum()).toBe(0);
    expect(await trial.cancel(running.id)).toBeUndefined();
    expect(await trial.status()).toMatchObject({ state: 'unknown' });
  });

  it('of a run that waits for its upstream ends the wait', async () => {
    trial.upstream.fill(5, NOON - HOUR_MS, 60_000);
    const { id } = await trial.start();
    const stop = new AbortController();
    trial.upstream.interfere = (_asked, _request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        stop.abort(new Error('the worker is stopping'));
      });
    await expect(trial.engine.runner.run(id, trial.job(stop.signal))).rejects.toThrow(
      'the worker is stopping',
    );
    expect(await trial.run(id)).toMatchObject({ state: 'running' }); // it is this job's when it comes back
  });
});

describe('a long run', () => {
  it('lets others have their turn, and goes on where it was', async () => {
    trial.upstream.fill(100, NOON - HOUR_MS, 60_000);
    const long = await trial.start('backfill');
    trial.upstream.interfere = () => trial.clock.advance(100_000);
    await trial.turn(long.id);
    expect(await trial.run(long.id)).toMatchObject({ state: 'queued', streams: [{ pages: 4 }] });
    const short = await trial.start();
    trial.upstream.interfere = () => undefined;
    expect(await trial.drive(short.id)).toMatchObject({ state: 'succeeded' });
    expect(await trial.drive(long.id)).toMatchObject({ state: 'succeeded' });
    expect(await trial.stored()).toEqual(trial.expected());
  });
});

describe('progress', () => {
  it('tells of rows and of what is announced', async () => {
    trial.progress.length = 0;
    trial.upstream.fill(25, NOON - HOUR_MS, 60_000);
    await trial.sync();
    expect(trial.progress[0]).toEqual({ done: 10, total: null, note: 'rows: of 25' });
    expect(trial.progress.at(-1)).toEqual({ done: 27, total: 27, note: 'rebuilding' }); // two edges were read twice
  });
});
