import { describe } from '@jest/globals';
import { Injectable, type Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { HandlesJob } from '../../src/platform/jobs/handles-job.js';
import type { JobCatalog } from '../../src/platform/jobs/job-catalog.js';
import type { JobDefinition, JobHandler, JobRun } from '../../src/platform/jobs/job-definition.js';
import type { JobState } from '../../src/platform/jobs/job.entity.js';
import { type JobRow, JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { type EnqueueOptions, Jobs } from '../../src/platform/jobs/jobs.service.js';
import type { JobsOptions } from '../../src/platform/jobs/jobs.tokens.js';
import type { TestDatabase } from './database.js';
import { type JobWorld, openJobWorld } from './job-world.js';
import { hasRedis, startRedis, type TestRedis } from './redis.js';
import { openUnits, type TestUnits } from './units.js';
import { waitUntil } from './wait-until.js';

export type BackendKind = 'postgres' | 'redis';

/**
 * The same tests with queues in PostgreSQL and in Redis; the latter are skipped by name where there is no redis-server, and left to
 * `npm test` by a run for another PostgreSQL, which says so (scripts/check.mjs).
 */
export function onEachBackend(title: string, define: (kind: BackendKind) => void): void {
  describe(`${title} on postgres`, () => define('postgres'));
  if (process.env['GUILDHALL_TEST_QUEUES'] === 'postgres') return;
  if (hasRedis()) describe(`${title} on redis`, () => define('redis'));
  else describe.skip(`${title} on redis: redis-server is absent`, () => define('redis'));
}

/** A provider that handles the definition by a function. */
export function handlerOf<Payload>(
  definition: JobDefinition<Payload>,
  handle: (payload: Payload, run: JobRun) => Promise<void>,
): Type<JobHandler<Payload>> {
  @Injectable()
  @HandlesJob(definition)
  class Handler implements JobHandler<Payload> {
    handle(payload: Payload, run: JobRun): Promise<void> {
      return handle(payload, run);
    }
  }
  return Handler;
}

/** The job's effect: a row in a table without any key. */
export function addEffect(run: JobRun, key: string): Promise<true | undefined> {
  return run.once(async (tx) => {
    await tx.query({
      name: 'trial.effects.insert',
      text: 'INSERT INTO platform.effect (key) VALUES ($1)',
      values: [key],
    });
    return true as const;
  });
}

export interface TrialParts {
  catalog: JobCatalog;
  handlers: readonly Type[];
  jobs?: Partial<JobsOptions>;
}

/** Jobs with handlers of a test's own, in a database of its own. */
export class JobTrial {
  readonly scope = { id: randomUUID() };
  readonly rows = new JobsRepository();

  private constructor(
    readonly units: TestUnits,
    readonly redis: TestRedis | undefined,
    private readonly worlds: JobWorld[],
  ) {}

  /**
   * @param parts undefined: no worker yet
   * @param database of a server of one's own
   */
  static async open(
    kind: BackendKind,
    parts?: TrialParts,
    { isDurable = false, database }: { isDurable?: boolean; database?: TestDatabase } = {},
  ): Promise<JobTrial> {
    const units = await openUnits({}, undefined, database);
    await units.owner('CREATE TABLE platform.effect (key text NOT NULL)');
    await units.owner('GRANT SELECT, INSERT ON platform.effect TO PUBLIC');
    const redis = kind === 'redis' ? await startRedis({ isDurable }) : undefined;
    const trial = new JobTrial(units, redis, []);
    if (parts) await trial.addWorld(parts);
    return trial;
  }

  /** One more worker. @param databaseUrl when it reaches the database another way */
  async addWorld(parts: TrialParts, databaseUrl: string = this.units.url): Promise<JobWorld> {
    const world = await openJobWorld({ databaseUrl, redisUrl: this.redis?.url, ...parts });
    this.worlds.push(world);
    return world;
  }

  get jobs(): Jobs {
    return this.worlds[0]?.app.get(Jobs) ?? new Jobs(this.rows, { ring: () => undefined });
  }

  async enqueue<Payload>(
    definition: JobDefinition<Payload>,
    payload: Payload,
    options: EnqueueOptions = {},
  ): Promise<string> {
    const id = await this.tryEnqueue(definition, payload, options);
    if (id === undefined) throw new Error(`${definition.name} was not enqueued`);
    return id;
  }

  tryEnqueue<Payload>(
    definition: JobDefinition<Payload>,
    payload: Payload,
    options: EnqueueOptions = {},
  ): Promise<string | undefined> {
    return this.units.app.run(this.scope, (tx) =>
      this.jobs.enqueue(tx, this.scope, definition, payload, options),
    );
  }

  async row(id: string): Promise<JobRow> {
    const [row] = await this.units.app.run(this.scope, (tx) => this.rows.listByIds(tx, [id]));
    if (!row) throw new Error(`There is no job ${id}`);
    return row;
  }

  async until(id: string, state: JobState, limitMs = 10_000): Promise<JobRow> {
    return waitUntil(`job ${id} is ${state}`, limitMs, async () => {
      const row = await this.row(id);
      return row.state === state && row;
    });
  }

  cancel(id: string): Promise<JobRow | undefined> {
    return this.units.app.run(this.scope, (tx) => this.rows.updateCancelRequested(tx, id));
  }

  redrive(id: string): Promise<boolean> {
    return this.units.app.run(this.scope, (tx) => this.rows.updateRedriven(tx, id));
  }

  /** Keys of the effects, in order. */
  async effects(): Promise<string[]> {
    const rows = await this.units.owner<{ key: string }>('SELECT key FROM platform.effect ORDER BY key');
    return rows.map(({ key }) => key);
  }

  /** Stops one worker, as an interrupt would. */
  async removeWorld(world: JobWorld): Promise<void> {
    this.worlds.splice(this.worlds.indexOf(world), 1);
    await world.close();
  }

  async close(): Promise<void> {
    for (const world of this.worlds.splice(0)) await world.close();
    await this.units.close();
    await this.redis?.stop();
  }
}
