import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { JobStatistics } from '../jobs/job-statistics.js';
import { type JobRow, JobsRepository } from '../jobs/jobs.repository.js';
import { enterContext, SpanContext } from '../profiling/span.js';
import { JobMetrics } from './job-metrics.service.js';
import { JobWatcher } from './job-watcher.service.js';

const OWNER = randomUUID();
let units: TestUnits;
let watcher: JobWatcher;
let streams: Stream[];

/** What one client has seen. */
interface Stream {
  versions: number[];
  end: 'open' | 'complete';
  stop: () => void;
}

beforeEach(async () => {
  units = await openUnits();
  watcher = new JobWatcher(units.system, new JobsRepository());
  streams = [];
});

afterEach(async () => {
  for (const { stop } of streams) stop();
  await units.close();
});

async function insertJob(state = 'waiting'): Promise<string> {
  const id = randomUUID();
  await units.owner(
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state, run_at)
     VALUES ($1, $2, 'trial.work', 'trial', '{}', $3, now() - interval '10 seconds')`,
    [id, OWNER, state],
  );
  return id;
}

function open(id: string): Stream {
  const stream: Stream = { versions: [], end: 'open', stop: () => undefined };
  stream.stop = watcher.watch(id, 0, {
    changed: (job: JobRow) => stream.versions.push(job.version),
    ended: () => (stream.end = 'complete'),
  });
  streams.push(stream);
  return stream;
}

const change = (ids: readonly string[], changes: string): Promise<unknown> =>
  units.owner(`UPDATE platform.job SET version = version + 1, ${changes} WHERE id = ANY ($1)`, [ids]);

describe('streams of jobs', () => {
  it('that open together stay open, get each change, and end with their jobs', async () => {
    const ids = await Promise.all([insertJob(), insertJob(), insertJob(), insertJob()]);
    const opened = ids.map((id) => open(id));
    await waitUntil('all have seen their job', 5_000, () =>
      opened.every(({ versions }) => versions[0] === 1),
    );
    await change(ids, `progress = '{"done": 1, "total": 2}'`);
    await waitUntil('all have seen its progress', 5_000, () =>
      opened.every(({ versions }) => versions[1] === 2),
    );
    expect(opened.map(({ end }) => end)).toEqual(['open', 'open', 'open', 'open']);
    await change(ids.slice(0, 1), `state = 'cancelled'`);
    await waitUntil('the first has ended', 5_000, () => opened[0]!.end === 'complete');
    expect(opened.map(({ end }) => end)).toEqual(['complete', 'open', 'open', 'open']);
    expect(opened[0]!.versions).toEqual([1, 2, 3]);
  });

  it('that open while the others are read are told by the next reading', async () => {
    const [first, second] = [await insertJob(), await insertJob()];
    const before = open(first);
    const late = open(second); // the reading for the first is under way
    await waitUntil('the first is told', 5_000, () => before.versions.length === 1);
    expect(late.end).toBe('open');
    await waitUntil('the second is told', 5_000, () => late.versions.length === 1);
  });

  it('that are stopped are told nothing more', async () => {
    const id = await insertJob();
    const [stopped, other] = [open(id), open(id)];
    await waitUntil('both are told', 5_000, () => stopped.versions.length + other.versions.length === 2);
    stopped.stop();
    await change([id], `state = 'cancelled'`);
    await waitUntil('the other has ended', 5_000, () => other.end === 'complete');
    expect([stopped.versions, stopped.end]).toEqual([[1], 'open']);
  });

  it('leave nothing in the request that opened them', async () => {
    const context = new SpanContext('request', '', 'request', true);
    const id = await insertJob();
    const stream = await new Promise<Stream>((resolve) => enterContext(context, () => resolve(open(id))));
    await waitUntil('it has been read', 5_000, () => stream.versions.length === 1);
    await sleep(400);
    expect(context.spans).toEqual([]);
  });
});

describe('/metrics', () => {
  it('shows how many jobs there are and how old they are on the first page', async () => {
    await insertJob('dead');
    const registry = new Registry();
    void new JobMetrics(registry, new JobStatistics(), units.system, new JobsRepository());
    const text = await registry.metrics();
    expect(text).toContain('jobs_count{queue="trial",state="dead"} 1');
    expect(text).toMatch(/jobs_oldest_seconds\{queue="trial",state="dead"\} 1\d/);
  });
});
