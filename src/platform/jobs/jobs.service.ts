import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Scope, Tx } from '../database/unit-of-work.js';
import type { AnyJob, JobDefinition } from './job-definition.js';
import { JobsRepository, type NewJob } from './jobs.repository.js';
import { RELAY_BELL, type RelayBell } from './relay-bell.js';

export interface EnqueueOptions {
  /** Not before so many milliseconds from now. */
  delayMs?: number;
  /** The job's id, for an effect that must be asked for only once; the same id is never enqueued twice. */
  id?: string;
}

/** A job and those that must have ended well before it starts. */
export interface JobFlow {
  definition: AnyJob;
  payload: unknown;
  children: readonly JobFlow[];
}

/**
 * The only way to background work: a row in the caller's own transaction. It exists exactly if the business fact does; the
 * relay of a worker brings it to its queue within milliseconds after the commit.
 */
@Injectable()
export class Jobs {
  constructor(
    private readonly rows: JobsRepository,
    @Inject(RELAY_BELL) private readonly bell: RelayBell,
  ) {}

  /**
   * @returns the job's id, or undefined when a job with the same key already waits for its start
   * @throws Error when the definition's own schema refuses the payload
   */
  async enqueue<Payload>(
    tx: Tx,
    scope: Scope,
    definition: JobDefinition<Payload>,
    payload: Payload,
    options: EnqueueOptions = {},
  ): Promise<string | undefined> {
    const job = newJob(definition, payload, options);
    const inserted = await this.insert(tx, scope, [job]);
    return inserted.has(job.id) ? job.id : undefined;
  }

  /**
   * Work that serves everybody, whoever gave the occasion: it belongs to the platform, so nobody sees it among the jobs of
   * their own or cancels it for all. One statement for any number of payloads.
   */
  async enqueueShared<Payload>(
    tx: Tx,
    definition: JobDefinition<Payload>,
    payloads: readonly Payload[],
    options: { delayMs?: number } = {},
  ): Promise<void> {
    if (payloads.length === 0) return;
    const jobs = payloads.map((payload) => newJob(definition, payload, options));
    await this.rows.insertSharedJobs(tx, SYSTEM_SCOPE.id, jobs);
    tx.afterCommit(() => this.bell.ring());
  }

  /** Many jobs of one kind in one statement. @returns the number that was inserted */
  async enqueueMany<Payload>(
    tx: Tx,
    scope: Scope,
    definition: JobDefinition<Payload>,
    payloads: readonly Payload[],
    options: { delayMs?: number } = {},
  ): Promise<number> {
    const jobs = payloads.map((payload) => newJob(definition, payload, options));
    return (await this.insert(tx, scope, jobs)).size;
  }

  /** A tree of jobs: each starts when all its children have ended well, and dies with the first that does not. */
  async enqueueFlow(tx: Tx, scope: Scope, flow: JobFlow): Promise<string> {
    const jobs: NewJob[] = [];
    const add = ({ definition, payload, children }: JobFlow, parentId: string | null): string => {
      const job = { ...newJob(definition, payload, {}), parentId, waitingFor: children.length };
      jobs.push({ ...job, dedupKey: null });
      for (const child of children) add(child, job.id);
      return job.id;
    };
    const id = add(flow, null);
    await this.insert(tx, scope, jobs);
    return id;
  }

  /** Gives a dead or cancelled job all its tries once more. @returns false when it is neither */
  async redrive(tx: Tx, id: string): Promise<boolean> {
    const isRedriven = await this.rows.updateRedriven(tx, id);
    if (isRedriven) tx.afterCommit(() => this.bell.ring());
    return isRedriven;
  }

  private async insert(tx: Tx, scope: Scope, jobs: readonly NewJob[]): Promise<Set<string>> {
    if (jobs.length === 0) return new Set();
    const inserted = await this.rows.insertJobs(tx, scope.id, jobs);
    if (inserted.size > 0) tx.afterCommit(() => this.bell.ring());
    return inserted;
  }
}

function newJob(definition: AnyJob, payload: unknown, options: EnqueueOptions): NewJob {
  definition.payload.parse(payload);
  return {
    id: options.id ?? uuidv7(),
    name: definition.name,
    queue: definition.queue,
    payload,
    dedupKey: definition.dedupKey?.(payload as never) ?? null,
    delayMs: options.delayMs ?? 0,
    parentId: null,
    waitingFor: 0,
  };
}
