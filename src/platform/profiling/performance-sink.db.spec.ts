import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { performanceRow } from '../../../test/factories/performance-row.factory.js';
import { openSilentProxy, type SilentProxy } from '../../../test/support/silent-proxy.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { Env } from '../config/env.js';
import { DatabaseLifetime } from '../database/database.module.js';
import { PerformanceLogRepository } from './performance-log.repository.js';
import { PerformanceSink } from './performance-sink.service.js';
import { RequestRecorder } from './request-recorder.service.js';
import { runInSpanContext, time } from './span.js';
import { ProfilingHousekeeping } from './profiling-housekeeping.service.js';

let units: TestUnits;
let sink: PerformanceSink;
let warnings: [fields: object, text: string][];
let proxy: SilentProxy | undefined;

async function open(via?: (url: string) => Promise<string>): Promise<void> {
  units = await openUnits({}, via);
  warnings = [];
  const log = { warn: (fields: object, text: string) => void warnings.push([fields, text]) };
  sink = new PerformanceSink(
    units.system,
    new PerformanceLogRepository(),
    log,
    new DatabaseLifetime(units.database),
  );
}

afterEach(async () => {
  sink.onModuleDestroy();
  await units.close();
  await proxy?.close();
  proxy = undefined;
});

async function storedRows(): Promise<number> {
  const [row] = await units.owner<{ n: number }>(
    'SELECT count(*)::int AS n FROM platform.api_performance_logs',
  );
  return row!.n;
}

/** Keeps every writer waiting, as a database does that has too much to do. @returns lets them go */
async function holdTable(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: units.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE platform.api_performance_logs IN ACCESS EXCLUSIVE MODE');
  return () => client.end();
}

function recordMany(count: number): void {
  for (let index = 0; index < count; index += 1) sink.record(performanceRow());
}

describe('PerformanceSink', () => {
  it('stores what it was given', async () => {
    await open();
    const [userId, atMs] = [randomUUID(), Date.now()];
    sink.record(
      performanceRow({
        atMs,
        endpoint: 'POST /é/:id',
        operation: 'slow_request_alert',
        durationMs: 12.345,
        userId,
        conversationId: 'talk',
        messageId: 'message',
        requestId: 'r-1',
        extraJson: '{"status":201,"spans":[["sql:a",0.1,2]]}',
      }),
    );
    sink.record(performanceRow({ requestId: 'r-2' }));
    await sink.flush();
    const rows = await units.owner(
      `SELECT "timestamp" AS at, endpoint, operation, duration_ms, user_id, conversation_id, message_id, request_id, extra_data
       FROM platform.api_performance_logs ORDER BY request_id`,
    );
    expect(rows).toEqual([
      {
        at: new Date(atMs),
        endpoint: 'POST /é/:id',
        operation: 'slow_request_alert',
        duration_ms: 12.345,
        user_id: userId,
        conversation_id: 'talk',
        message_id: 'message',
        request_id: 'r-1',
        extra_data: { status: 201, spans: [['sql:a', 0.1, 2]] },
      },
      expect.objectContaining({ user_id: null, conversation_id: null, message_id: null, request_id: 'r-2' }),
    ]);
    expect([sink.storedRows, sink.droppedRows, sink.waitingRows]).toEqual([2, 0, 0]);
  });

  it('writes by itself: few rows at the tick, many at once', async () => {
    await open();
    recordMany(1);
    await waitUntil('the tick has written', 5_000, () => sink.storedRows === 1);
    recordMany(500);
    expect(sink.waitingRows).toBe(0); // a batch is under way
    await waitUntil('the batch is there', 5_000, () => sink.storedRows === 501);
    expect(await storedRows()).toBe(501);
  });

  it('is bounded while the database stalls, counts what it drops and loses nothing else', async () => {
    await open();
    await sink.flush();
    const letGo = await holdTable();
    const startedMs = performance.now();
    recordMany(23_000);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(sink.waitingRows).toBe(20_000);
    expect(sink.droppedRows).toBe(23_000 - 20_000 - 500); // 500 are under way
    await letGo();
    await waitUntil('all is written', 20_000, () => {
      void sink.flush();
      return sink.waitingRows === 0 && sink.storedRows === 20_500;
    });
    expect(await storedRows()).toBe(20_500);
  }, 40_000);

  it('keeps its rows while the database is away, and writes them when it is back', async () => {
    await open(async (url) => (proxy = await openSilentProxy(url)).url);
    recordMany(3);
    await sink.flush();
    proxy!.isSilent = true;
    recordMany(700);
    await sink.flush();
    expect([sink.storedRows, sink.waitingRows, sink.droppedRows]).toEqual([3, 700, 0]);
    expect(warnings).toHaveLength(1);
    proxy!.isSilent = false;
    await sink.flush();
    expect([sink.storedRows, await storedRows()]).toEqual([703, 703]);
  });

  it('drops a batch that the database refuses, and only that', async () => {
    await open();
    sink.record(performanceRow({ extraJson: 'no JSON' }));
    await sink.flush();
    sink.record(performanceRow());
    await sink.flush();
    expect([sink.storedRows, sink.droppedRows]).toEqual([1, 1]);
    expect(warnings).toEqual([[expect.objectContaining({ dropped: 1 }), expect.any(String)]]);
  });

  it('writes the rest when the connections close', async () => {
    await open();
    recordMany(1_700);
    sink.recordError(new Error('last words'), 'r');
    await units.database.close();
    expect(await storedRows()).toBe(1_700);
    expect(await units.owner('SELECT message FROM platform.error_group')).toEqual([
      { message: 'last words' },
    ]);
  });

  it('does not hold up the end for long', async () => {
    await open();
    await sink.flush();
    const letGo = await holdTable();
    recordMany(600);
    const isClosed = units.database.close();
    await waitUntil('it has given up', 10_000, () => sink.droppedRows >= 100);
    await letGo();
    await isClosed;
    expect(warnings.map(([, text]) => text)).toContain('performance rows were lost');
  });

  it('is closed to requests, whoever asks', async () => {
    await open();
    sink.record(performanceRow({ userId: randomUUID() }));
    await sink.flush();
    for (const table of ['api_performance_logs', 'error_group']) {
      const read = units.app.run({ id: randomUUID() }, (tx) => tx.query(`SELECT * FROM platform.${table}`));
      await expect(read).rejects.toThrow('permission denied');
    }
  });
});

describe('error groups', () => {
  it('count one fault once, with the newest five requests, over batches', async () => {
    await open();
    const fail = (id: number): Error => new RangeError(`no row ${id}`);
    for (const batch of [
      [1, 2, 3],
      [4, 5, 6, 7],
    ]) {
      for (const id of batch) sink.recordError(fail(id), `r-${id}`);
      sink.recordError(new TypeError('another'), undefined);
      await sink.flush();
    }
    const groups = await units.owner(
      `SELECT name, message, count::int, sample_request_ids AS ids, first_seen_at < last_seen_at AS "isLater"
       FROM platform.error_group ORDER BY name`,
    );
    expect(groups).toEqual([
      {
        name: 'RangeError',
        message: 'no row #',
        count: 7,
        ids: ['r-3', 'r-4', 'r-5', 'r-6', 'r-7'],
        isLater: true,
      },
      { name: 'TypeError', message: 'another', count: 2, ids: [], isLater: true },
    ]);
  });
});

describe('jobs', () => {
  it('leave rows like requests, with their failures', async () => {
    await open();
    const env = { isProfiling: true, slowRequestMs: 1_000, slowOperationMs: 20 } as Env;
    const recorder = new RequestRecorder(sink, env, {
      warn: (fields, text) => void warnings.push([fields, text]),
    });
    const job = { kind: 'job', endpoint: 'job:market.derive', requestId: 'r-1', userId: undefined } as const;
    await runInSpanContext(job, () => time('step', () => sleep(30)));
    const broken = runInSpanContext({ ...job, requestId: 'r-2' }, () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    recorder.onModuleDestroy();
    await runInSpanContext({ ...job, requestId: 'r-3' }, async () => undefined);
    await sink.flush();
    const rows = await units.owner(
      `SELECT request_id AS id, endpoint, operation, extra_data ->> 'isError' AS "isError"
       FROM platform.api_performance_logs ORDER BY request_id, operation`,
    );
    const { endpoint } = job;
    expect(rows).toEqual([
      { id: 'r-1', endpoint, operation: 'job', isError: 'false' },
      { id: 'r-1', endpoint, operation: 'slow_request_alert', isError: 'false' },
      { id: 'r-2', endpoint, operation: 'job', isError: 'true' },
    ]);
    expect(warnings.map(([, text]) => text)).toEqual(['slow request']);
    expect(await units.owner('SELECT message FROM platform.error_group')).toEqual([{ message: 'broken' }]);
  });

  it('raise the alert for a slow operation that comes after very many quick ones', async () => {
    await open();
    const env = { isProfiling: true, slowRequestMs: 10_000, slowOperationMs: 20 } as Env;
    const recorder = new RequestRecorder(sink, env, { warn: () => undefined });
    const job = { kind: 'job', endpoint: 'job:market.derive', requestId: 'r-1', userId: undefined } as const;
    await runInSpanContext(job, async () => {
      for (let index = 0; index < 300; index += 1) time('quick', () => index);
      await time('late and slow', () => sleep(40));
    });
    recorder.onModuleDestroy();
    await sink.flush();
    const [alert] = await units.owner<{ extra: Record<string, unknown> }>(
      `SELECT extra_data AS extra FROM platform.api_performance_logs WHERE operation = 'slow_request_alert'`,
    );
    expect(alert!.extra).toMatchObject({ reason: 'operation', omittedSpans: 100 });
    expect((alert!.extra['tree'] as { operation: string }[]).at(-1)!.operation).toBe('late and slow');
  });
});

describe('ProfilingHousekeeping', () => {
  it('drops days and error groups past their time, and no others', async () => {
    await open();
    const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    await units.system.run({ id: '' }, (tx) =>
      new PerformanceLogRepository().ensurePartitions(tx, day(20), day(12)),
    );
    for (const ago of [20, 15, 14, 12, 0])
      sink.record(performanceRow({ atMs: Date.parse(`${day(ago)}T12:00:00Z`), requestId: `${ago}` }));
    sink.recordError(new Error('old'), 'r');
    await sink.flush();
    await units.owner(
      "UPDATE platform.error_group SET first_seen_at = now() - interval '15 days', last_seen_at = first_seen_at",
    );
    await units.owner("UPDATE platform.error_group SET last_seen_at = now() - interval '15 days'");
    sink.recordError(new Error('new'), 'r');
    await sink.flush();
    const housekeeping = new ProfilingHousekeeping(
      units.system,
      new PerformanceLogRepository(),
      { profilingRetentionDays: 14 } as Env,
      { warn: () => undefined },
    );
    expect(await housekeeping.forgetOldRows()).toBe(6); // 20 to 15 days ago
    expect(await housekeeping.forgetOldRows()).toBe(0);
    const kept = await units.owner<{ id: string }>(
      'SELECT request_id AS id FROM platform.api_performance_logs ORDER BY "timestamp"',
    );
    expect(kept.map(({ id }) => id)).toEqual(['14', '12', '0']);
    expect(await units.owner('SELECT message FROM platform.error_group')).toEqual([{ message: 'new' }]);
  });
});
