import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OutboundBudgetsRepository } from '../outbound/outbound-budgets.repository.js';
import { OutboundBudgets } from '../outbound/outbound-budgets.service.js';
import { defineProvider } from '../outbound/outbound-policy.js';
import { OUTBOUND_ERROR, OutboundError } from '../outbound/outbound.errors.js';
import { failing, SyncUpstream } from '../../../test/support/sync-upstream.js';
import { HOUR_MS, NOON, SyncTrial } from '../../../test/support/sync-trial.js';
import { SyncFault } from './sync-fault.js';

let trial: SyncTrial;
let upstream: SyncUpstream;

beforeAll(async () => {
  trial = await SyncTrial.open({ times: { pageMs: 300 } });
});

afterEach(async () => {
  await trial.forget();
  trial.clock.nowMs = NOON;
  trial.clock.sleeps.length = 0;
  trial.logged.length = 0;
});

afterAll(() => trial.close());

/** A source and an upstream that no other test has. */
function fresh(paging: 'numbered' | 'cursor' = 'numbered', given = {}): string {
  upstream = new SyncUpstream(trial.clock, paging);
  sources += 1;
  return trial.addSource(`trial:${sources}`, [upstream], given).id;
}
let sources = 0;

const run = (id: string): ReturnType<SyncTrial['sync']> => trial.sync('incremental', null, id);

describe('P11: an upstream that asks for patience', () => {
  it('is left alone for as long as it says, and the source says so', async () => {
    const id = fresh();
    upstream.fill(30, NOON - HOUR_MS, 60_000);
    const seen: object[] = [];
    const beats = trial.clock.sleep.bind(trial.clock);
    trial.clock.sleep = async (ms, signal) => {
      const { state, retryAt } = await trial.status(id);
      seen.push({ state, retryAt: retryAt?.getTime() });
      return beats(ms, signal);
    };
    upstream.interfere = (_asked, request) => {
      if (request === 2) throw new SyncFault('rate_limited', 'slow down', { retryAfterMs: 42_000 });
    };
    expect(await run(id)).toMatchObject({ state: 'succeeded', retryAt: null });
    expect(trial.clock.sleeps).toEqual([42_000]);
    expect(seen).toEqual([{ state: 'rate_limited', retryAt: NOON + 42_000 }]);
    expect(upstream.journal[2]!.atMs - upstream.journal[1]!.atMs).toBe(42_000);
    trial.clock.sleep = beats;
  });

  it('that asks for more than a worker waits is left to a later job, which goes on with the same page', async () => {
    const id = fresh();
    upstream.fill(30, NOON - HOUR_MS, 60_000);
    upstream.interfere = (_asked, request) => {
      if (request === 2) throw new SyncFault('rate_limited', 'come back later', { retryAfterMs: 600_000 });
    };
    const { id: runId } = await trial.start('incremental', null, id);
    await trial.turn(runId);
    expect(await trial.run(runId)).toMatchObject({
      state: 'rate_limited',
      retryAt: new Date(NOON + 600_000),
    });
    expect(await trial.status(id)).toMatchObject({
      state: 'rate_limited',
      retryAt: new Date(NOON + 600_000),
      nextAt: null,
    });
    const jobs = await trial.units.owner<{ delayS: number }>(
      `SELECT extract(epoch FROM run_at - created_at)::int AS "delayS" FROM platform.job WHERE name = 'platform.run-sync' ORDER BY id`,
    );
    expect(jobs.map(({ delayS }) => delayS)).toEqual([0, 600]);
    expect(await trial.drive(runId)).toMatchObject({ state: 'succeeded' });
    expect(upstream.pages()[1]).toMatchObject({ window: upstream.pages()[2]!.window });
    expect(await trial.stored()).toEqual(trial.expected(upstream));
  });

  it('without saying for how long is asked ever more rarely, and never at once', async () => {
    const id = fresh();
    upstream.fill(5, NOON - HOUR_MS, 60_000);
    upstream.interfere = failing(8, () => new SyncFault('rate_limited', 'slow down'));
    await run(id);
    expect(trial.clock.sleeps).toEqual([5_000, 7_500, 12_500, 22_500, 32_500, 32_500, 32_500, 32_500]);
  });

  it('shares one budget among all sources and processes, and none of it is wasted', async () => {
    const policy = defineProvider({
      provider: 'trial-upstream',
      budgets: [{ name: 'minute', limit: 14, windowMs: 60_000, shape: 'window' }],
    });
    const budgets = new OutboundBudgets(
      trial.units.system,
      new OutboundBudgetsRepository(),
      () => trial.clock.nowMs,
    );
    const calls: number[] = [];
    const ids = [fresh(), fresh()];
    const upstreams = ids.map((id) => trial.registry.find(id)!);
    for (const source of upstreams) {
      const own = new SyncUpstream(trial.clock, 'numbered');
      own.fill(200, NOON - HOUR_MS, 1_000);
      own.interfere = async () => {
        const atMs = trial.clock.nowMs;
        await budgets.take(policy);
        calls.push(atMs);
      };
      const [stream] = source.streams;
      Object.assign(source, { streams: [{ ...stream, fetchPage: own.page.bind(own) }] });
    }
    for (const id of ids) expect(await run(id)).toMatchObject({ state: 'succeeded' });
    const perMinute = new Map<number, number>();
    for (const atMs of calls) {
      const minute = Math.floor(atMs / 60_000);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    const counts = [...perMinute.values()];
    expect(Math.max(...counts)).toBe(14);
    expect(counts.slice(0, -1).every((count) => count === 14)).toBe(true);
  });
});

describe('P12: a fault', () => {
  it.each(['transient', 'malformed'] as const)('that is %s is tried again, with jitter', async (kind) => {
    const id = fresh();
    upstream.fill(25, NOON - HOUR_MS, 60_000);
    upstream.interfere = failing(2, () => new SyncFault(kind, 'cut in the middle'));
    expect(await run(id)).toMatchObject({ state: 'succeeded' });
    expect(trial.clock.sleeps).toEqual([500, 1_000]);
    expect(await trial.stored()).toEqual(trial.expected(upstream));
  });

  it('that stays is the end of the run after so many tries, and the next one heals', async () => {
    const id = fresh();
    upstream.fill(25, NOON - HOUR_MS, 60_000);
    upstream.interfere = (_asked, request) => {
      if (request > 1) throw new SyncFault('transient', 'the upstream has a fault of its own');
    };
    const failed = await run(id);
    expect(failed).toMatchObject({ state: 'failed', errorKind: 'transient' });
    expect(failed.error).toBe('the upstream has a fault of its own');
    expect(upstream.journal).toHaveLength(1 + 6);
    expect(trial.clock.sleeps).toHaveLength(5); // none after the last try
    expect(await trial.sum()).toBe(0);
    expect(await trial.status(id)).toMatchObject({
      state: 'error',
      error: failed.error,
      lastSuccessAt: null,
    });
    upstream.interfere = () => undefined;
    expect(await run(id)).toMatchObject({ state: 'succeeded' });
    expect(await trial.status(id)).toMatchObject({ state: 'idle', error: null });
    expect(await trial.stored()).toEqual(trial.expected(upstream));
  });

  it.each(['auth', 'gone'] as const)('of kind %s is not tried again', async (kind) => {
    const id = fresh();
    upstream.interfere = failing(100, () => new SyncFault(kind, 'no'));
    expect(await run(id)).toMatchObject({ state: 'failed', errorKind: kind });
    expect(upstream.journal).toHaveLength(1);
  });

  it.each([
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 401 }), 'auth'],
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 403 }), 'auth'],
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 404 }), 'gone'],
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 400 }), 'malformed'],
    [new OutboundError(OUTBOUND_ERROR.unavailable, 'p', { status: 524 }), 'transient'],
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 408 }), 'transient'],
    [new OutboundError(OUTBOUND_ERROR.connectionFailed, 'p', { reason: 'ECONNRESET' }), 'transient'],
    [new OutboundError(OUTBOUND_ERROR.timeout, 'p'), 'transient'],
    [new OutboundError(OUTBOUND_ERROR.badAnswer, 'p'), 'malformed'],
    [new OutboundError(OUTBOUND_ERROR.refused, 'p', { status: 422 }), 'too_large'],
    [new OutboundError(OUTBOUND_ERROR.tooLarge, 'p'), 'too_large'],
    [new OutboundError(OUTBOUND_ERROR.blockedAddress, 'p'), 'gone'],
  ])('of the way out is one of ours: %s is %s', async (error, kind) => {
    const id = fresh();
    upstream.interfere = () => Promise.reject(error);
    expect(await run(id)).toMatchObject({ state: 'failed', errorKind: kind });
  });

  it('that is none of the upstream is our own, and says nothing in the run log', async () => {
    const id = fresh();
    upstream.interfere = () => Promise.reject(new TypeError('cannot read properties of undefined'));
    expect(await run(id)).toMatchObject({
      state: 'failed',
      errorKind: 'internal',
      error: 'A fault of our own; the log of the worker tells more.',
    });
    expect(trial.logged.join()).toContain('cannot read properties of undefined');
  });

  it.each(['numbered', 'cursor'] as const)(
    '"too large" halves the page, then the window (%s)',
    async (paging) => {
      const id = fresh(paging);
      upstream.fill(90, NOON - HOUR_MS, 60_000);
      upstream.interfere = ({ limit, window }) => {
        const isLong = window.to.getTime() - window.from.getTime() > 10 * HOUR_MS;
        if (limit > 4 || (isLong && limit > 1)) throw new SyncFault('too_large', 'request timed out');
      };
      expect(await run(id)).toMatchObject({ state: 'succeeded' });
      expect(trial.clock.sleeps).toEqual([]);
      expect(
        Math.max(
          ...upstream
            .pages()
            .slice(4)
            .map(({ limit }) => limit),
        ),
      ).toBeGreaterThan(1); // and tries more again
      expect(await trial.stored()).toEqual(trial.expected(upstream));
    },
  );

  it('"too large" for a single row of a second is the end of the run', async () => {
    const id = fresh();
    upstream.interfere = failing(1_000, () => new SyncFault('too_large', 'more than is read'));
    expect(await run(id)).toMatchObject({ state: 'failed', errorKind: 'too_large' });
    expect(upstream.journal.length).toBeLessThan(60);
  });
});

describe('P13: an upstream without an end', () => {
  const lies = async (id: string, text: RegExp): Promise<void> => {
    const failed = await run(id);
    expect(failed).toMatchObject({ state: 'failed', errorKind: 'malformed' });
    expect(failed.error).toMatch(text);
    expect(await trial.watermark()).toBeUndefined();
    expect(upstream.journal.length).toBeLessThan(250);
  };

  it('whose cursor comes twice', async () => {
    const id = fresh('cursor');
    upstream.fill(100, NOON - HOUR_MS, 1_000);
    upstream.interfere = ({ window }, request) => ({
      rows: upstream.visible(window).slice(request * 10, request * 10 + 10),
      refused: [],
      next: `cursor-${request % 3}`,
      total: null,
    });
    await lies(id, /cursor has come twice/);
  });

  it('whose pages are always the same', async () => {
    const id = fresh('numbered');
    const rows = upstream.fill(10, NOON - HOUR_MS, 1_000);
    upstream.interfere = ({ cursor }) => ({
      rows,
      refused: [],
      next: String(Number(cursor ?? 1) + 1),
      total: 1_000_000,
    });
    await lies(id, /twice|window/);
  });

  it('whose total grows with every page', async () => {
    const id = fresh('numbered');
    let made = 0;
    upstream.interfere = ({ cursor, window }) => ({
      rows: Array.from({ length: 10 }, () => {
        made += 1;
        return {
          id: `x${made}`,
          atMs: window.from.getTime(),
          arrivesMs: 0,
          updatedMs: 0,
          body: '',
          parentId: null,
        };
      }),
      refused: [],
      next: String(Number(cursor ?? 1) + 1),
      total: 20 + made,
    });
    await lies(id, /do not end/);
  });

  it('whose pages are empty', async () => {
    const id = fresh('cursor');
    upstream.interfere = (_asked, request) => ({ rows: [], refused: [], next: `c${request}`, total: null });
    await lies(id, /empty/);
  });

  it('that never answers is given up, whatever its source does', async () => {
    const id = fresh('numbered');
    upstream.interfere = () => new Promise(() => undefined);
    expect(await run(id)).toMatchObject({ state: 'failed', errorKind: 'transient' });
    expect(upstream.journal).toHaveLength(6);
  }, 30_000);
});

describe('rows that cannot be read', () => {
  it('are counted and named, and the rest of their page is stored', async () => {
    const id = fresh();
    const rows = upstream.fill(35, NOON - HOUR_MS, 60_000);
    for (const index of [3, 9, 10, 34]) upstream.unreadable.add(rows[index]!.id);
    const done = await run(id);
    expect(done).toMatchObject({ state: 'succeeded' });
    const [stream] = done.streams;
    expect(stream!.refusals).toEqual(
      expect.arrayContaining([{ key: rows[3]!.id, reason: 'its time is no time' }]),
    );
    expect(stream!.refused).toBeGreaterThanOrEqual(4);
    expect(await trial.stored()).toHaveLength(31);
  });
});

describe('P22: secrets', () => {
  it('are in no row, log, status or progress, whoever wrote them down', async () => {
    const secret = 'sk-lf-0123456789abcdef';
    const basic = Buffer.from(`pk-lf-1:${secret}`).toString('base64');
    const id = fresh('numbered', {
      secrets: [secret, basic],
      check: () => Promise.resolve({ isOk: false, detail: `401 for Basic ${basic}` }),
    });
    for (const thrown of [
      new SyncFault('auth', `Basic ${basic} was refused`),
      new TypeError(`cannot use ${secret}`),
      Object.assign(new Error('x'), { stack: `Error: ${secret}\n at ${basic}` }),
    ]) {
      upstream.interfere = () => Promise.reject(thrown);
      expect(await run(id)).toMatchObject({ state: 'failed' });
    }
    const kept = await trial.units.owner<{ text: string }>(
      `SELECT coalesce(string_agg(r::text, ''), '') || (SELECT coalesce(string_agg(j::text, ''), '') FROM platform.job j) AS text
       FROM platform.sync_run r`,
    );
    const check = await trial.engine.desk.check('trial', id);
    const everything = JSON.stringify([kept, trial.logged, await trial.status(id), trial.progress, check]);
    expect(everything).toContain('[secret]');
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(basic);
  });
});
