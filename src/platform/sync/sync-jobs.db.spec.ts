import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, type Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type JobWorld, openJobWorld } from '../../../test/support/job-world.js';
import { HOUR_MS, SyncTrial, trialStream } from '../../../test/support/sync-trial.js';
import { SyncUpstream, VirtualClock } from '../../../test/support/sync-upstream.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { JobProgress } from '../jobs/job-definition.js';
import { ProvidesSources } from './provides-sources.js';
import { SourceRegistry } from './source-registry.js';
import { SYNC_JOBS } from './sync.jobs.js';
import { SyncModule } from './sync.module.js';
import { SyncDesk } from './sync-desk.service.js';
import { SyncFault } from './sync-fault.js';
import type { SourceProvider, SyncSource } from './sync-source.js';
import { SyncStarter } from './sync-starter.service.js';

// The engine in its place: with a registry that finds sources, real queues and a real clock.

const SCOPE = { id: randomUUID() };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function providerOf(sources: readonly SyncSource[]): Type<SourceProvider> {
  @Injectable()
  @ProvidesSources()
  class Provider implements SourceProvider {
    sources(): readonly SyncSource[] {
      return sources;
    }
  }
  return Provider;
}

interface Place {
  trial: SyncTrial;
  upstream: SyncUpstream;
  source: SyncSource;
}

/** Tables and an upstream on the real clock; no worker yet. */
async function place(given: Partial<SyncSource> = {}): Promise<Place> {
  const trial = await SyncTrial.open();
  closing.push(() => trial.close());
  const upstream = new SyncUpstream(new VirtualClock(Date.now()), 'numbered');
  const source = trial.addSource('trial:real', [upstream], {
    since: new Date(Date.now() - 24 * HOUR_MS),
    streams: [trialStream(upstream, 'rows')],
    ...given,
  });
  return { trial, upstream, source };
}

async function work({ trial, source }: Place): Promise<JobWorld> {
  const world = await openJobWorld({
    databaseUrl: trial.units.url,
    catalog: SYNC_JOBS,
    handlers: [providerOf([source])],
    modules: [SyncModule.forRoot(true)],
  });
  closing.push(() => world.close());
  return world;
}

describe('a worker', () => {
  it('reads what is due when it starts, again at the interval, and at once when it is asked', async () => {
    const here = await place({ intervalMs: 1_000 });
    const { trial, upstream } = here;
    upstream.fill(25, Date.now() - 60_000, 1_000);
    const world = await work(here);
    const desk = world.app.get(SyncDesk);
    const succeeded = async (): Promise<number> =>
      (await desk.listRuns(SCOPE, 'trial', { kind: null, state: 'succeeded', before: null, limit: 50 }))
        .length;
    await waitUntil('it has run at start', 20_000, async () => (await succeeded()) >= 1);
    expect(await trial.stored()).toEqual(trial.expected(upstream));
    await waitUntil('it has run by itself', 20_000, async () => (await succeeded()) >= 2);
    const [view] = await desk.listSources(SCOPE, 'trial');
    expect(view!.lastSuccessAt!.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(view!.completeThrough!.getTime()).toBeGreaterThan(Date.now() - 180_000);
    upstream.put({ id: 'newest', atMs: Date.now() - 1 });
    upstream.clock.nowMs = Date.now();
    const outcome = await trial.units.app.run(SCOPE, (tx) =>
      world.app
        .get(SyncStarter)
        .start(tx, { sourceId: 'trial:real', kind: 'backfill', trigger: 'request', range: null }),
    );
    expect(outcome).toMatchObject({ isJoined: false });
    expect(await desk.listSources(SCOPE, 'trial')).toMatchObject([{ state: 'running' }]);
    await waitUntil('the newest row is here', 20_000, async () =>
      (await trial.stored()).some((row) => row.startsWith('newest')),
    );
  }, 90_000);

  it('tells of its progress, and stops when it is told to', async () => {
    const here = await place();
    const { trial, upstream } = here;
    upstream.fill(60, Date.now() - 60_000, 1_000);
    let hold = true;
    upstream.interfere = async (_asked, request, signal) => {
      while (hold && request > 3 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await work(here);
    const progress = await waitUntil('progress is shown', 20_000, async () => {
      const [job] = await trial.units.owner<{ progress: JobProgress | null }>(
        `SELECT progress FROM platform.job WHERE name = 'platform.run-sync' AND progress IS NOT NULL`,
      );
      return job?.progress?.done === 30 && job.progress;
    });
    expect(progress).toEqual({ done: 30, total: null, note: 'rows: of 60' });
    await trial.units.owner(
      `UPDATE platform.job SET is_cancel_requested = true WHERE name = 'platform.run-sync'`,
    );
    await waitUntil('the run is cancelled', 20_000, async () => {
      const [run] = await trial.units.owner<{ state: string }>('SELECT state FROM platform.sync_run');
      return run?.state === 'cancelled';
    });
    hold = false;
  }, 60_000);

  it('hides what a source must not show, in the rows of its jobs too', async () => {
    const secret = 'sk-lf-very-secret-indeed';
    const here = await place({ secrets: [secret] });
    const { trial, upstream } = here;
    upstream.interfere = () => Promise.reject(new SyncFault('auth', `Basic ${secret}`));
    await work(here);
    await waitUntil('the run has failed', 20_000, async () => {
      const [run] = await trial.units.owner<{ error: string }>(
        'SELECT error FROM platform.sync_run WHERE error IS NOT NULL',
      );
      return run?.error === 'Basic [secret]';
    });
    const rows = await trial.units.owner('SELECT * FROM platform.job');
    expect(JSON.stringify(rows)).not.toContain(secret);
  }, 60_000);
});

describe('the registry', () => {
  const registry = new SourceRegistry({ getProviders: () => [] } as never);

  it('refuses sources that cannot be meant, naming every fault', async () => {
    const { source } = await place();
    const [stream] = source.streams;
    expect(() => registry.register([source])).not.toThrow();
    const wrong = {
      ...source,
      id: 'no colon',
      intervalMs: 0,
      streams: [stream!, { ...stream!, stored: null, pageLimit: { most: 5, least: 6 } }],
    };
    expect(() => registry.register([wrong, wrong])).toThrow(
      /declared twice.*form <provider>:<account>.*share a name: rows.*interval.*page limits/s,
    );
    const blind = { ...source, streams: [{ ...stream!, stored: null }] };
    expect(() => registry.register([blind])).toThrow(/reconciles, but.*verifies, but/s);
    expect(() => registry.register([{ ...source, streams: [] }])).toThrow('has no stream');
  });
});
