import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import { Jobs } from '../jobs/jobs.service.js';
import { dueAt, kindStatesOf } from './due-kinds.js';
import { SourceRegistry } from './source-registry.js';
import { RUN_SYNC } from './sync.jobs.js';
import { SyncHoldsRepository } from './sync-holds.repository.js';
import { type RunRow, SyncRunsRepository } from './sync-runs.repository.js';
import { SyncScansRepository } from './sync-scans.repository.js';
import type { SourceFamily, SyncSource, SyncWindow } from './sync-source.js';
import { SYNC_KINDS, type SyncKind } from './sync-window.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

export interface StartRequest {
  sourceId: string;
  kind: SyncKind;
  trigger: 'schedule' | 'request';
  /** Days or so that are read; a backfill may have it, and a reconcile or verify run instead of its usual reach. */
  range: SyncWindow | null;
}

/**
 * `isJoined`: a run of the kind was active already, and serves this request too. `no-source`: not configured here. `not-supported`: no
 * stream keeps what the kind works on. `bad-range`: empty, or of an incremental run. `other-range`: a run of the kind over another range is active.
 */
export type StartOutcome =
  { run: RunRow; isJoined: boolean } | 'no-source' | 'not-supported' | 'bad-range' | 'other-range';

/** Runs of one family that are begun at once. */
const MOST_STARTED = 2_000;
/** Ended runs are remembered for so long. */
const REMEMBERED_MS = 30 * 86_400_000;

/** Begins runs: when somebody asks, when they are due, and again when their worker has died. */
@Injectable()
export class SyncStarter {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly system: SystemUnitOfWork,
    private readonly runs: SyncRunsRepository,
    private readonly holds: SyncHoldsRepository,
    private readonly scans: SyncScansRepository,
    private readonly jobs: Jobs,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** In the caller's transaction, of any role: once it is committed the source is `running`. */
  async start(tx: Tx, request: StartRequest): Promise<StartOutcome> {
    const { sourceId, kind, trigger, range } = request;
    const source = await this.registry.resolve(tx, sourceId);
    if (source === undefined) return 'no-source';
    if (!isSupported(source, kind)) return 'not-supported';
    if (range !== null && (kind === 'incremental' || !(range.from < range.to))) return 'bad-range';
    const id = uuidv7();
    const run = {
      id,
      sourceId,
      kind,
      trigger,
      askedFrom: range?.from ?? null,
      askedTo: range?.to ?? null,
    };
    for (;;) {
      if (await this.runs.insertRun(tx, run, this.world.nowMs())) {
        await this.jobs.enqueueShared(tx, this.registry.jobOf(sourceId), [{ runId: id }]);
        return { run: (await this.runs.findRun(tx, id))!, isJoined: false };
      }
      const active = await this.runs.findActive(tx, sourceId, kind);
      if (active === undefined) continue; // it has just ended
      if (!isSameInstant(active.askedFrom, run.askedFrom) || !isSameInstant(active.askedTo, run.askedTo))
        return 'other-range';
      return { run: active, isJoined: true };
    }
  }

  /** In the caller's transaction. @returns undefined where no such run is active */
  cancel(tx: Tx, runId: string): Promise<RunRow | undefined> {
    return this.runs.updateCancelRequested(tx, runId, this.world.nowMs());
  }

  /** @param sourceId null = all that are known here */
  async startDue(sourceId: string | null): Promise<void> {
    await this.startDueOfSettings(sourceId);
    if (sourceId !== null) return;
    for (const family of this.registry.families()) await this.startDueOf(family);
    await this.forget();
  }

  private async startDueOfSettings(sourceId: string | null): Promise<void> {
    const sources = this.registry.list().filter(({ id }) => sourceId === null || id === sourceId);
    const ids = sources.map(({ id }) => id);
    if (ids.length === 0) return;
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const nowMs = this.world.nowMs();
      const stale = await this.holds.listStale(tx, ids, this.world.times.staleMs, nowMs);
      await this.jobs.enqueueShared(
        tx,
        RUN_SYNC,
        stale.map((runId) => ({ runId })),
      );
      const now = (await this.runs.findNow(tx, nowMs)).getTime();
      const facts = await this.runs.listKindFacts(tx, ids);
      for (const source of sources) {
        const states = kindStatesOf(facts.filter((fact) => fact.sourceId === source.id));
        for (const kind of SYNC_KINDS) {
          const dueMs = dueAt(kind, source, states);
          if (dueMs === null || dueMs > now) continue;
          await this.start(tx, { sourceId: source.id, kind, trigger: 'schedule', range: null });
        }
      }
    });
  }

  /** What is due beyond the limit is found a minute later. */
  private async startDueOf(family: SourceFamily): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const nowMs = this.world.nowMs();
      const stale = await this.holds.listStaleOf(tx, `${family.prefix}:`, this.world.times.staleMs, nowMs);
      const waiting = stale.map((runId) => ({ runId }));
      const job = this.registry.jobOf(`${family.prefix}:`);
      await this.jobs.enqueueShared(tx, job, waiting);
      const due = await family.listDue(tx, await this.runs.findNow(tx, nowMs), MOST_STARTED);
      const given = due.map((sourceId) => ({ id: uuidv7(), sourceId }));
      const begun = await this.runs.insertDueRuns(tx, given, nowMs);
      await this.jobs.enqueueShared(
        tx,
        job,
        begun.map((runId) => ({ runId })),
      );
    });
  }

  private async forget(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.runs.deleteForgotten(tx, REMEMBERED_MS, this.world.nowMs());
      await this.scans.deleteLeftSeen(tx);
    });
  }
}

function isSupported({ streams }: SyncSource, kind: SyncKind): boolean {
  if (kind === 'reconcile') return streams.some(({ stored }) => stored !== null);
  if (kind === 'verify')
    return streams.some(({ stored, countUpstream }) => stored !== null && countUpstream !== null);
  return true;
}

function isSameInstant(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
