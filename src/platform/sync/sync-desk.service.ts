import { Inject, Injectable } from '@nestjs/common';
import { type Scope, type Tx, UnitOfWork } from '../database/unit-of-work.js';
import { dueAt, kindStatesOf } from './due-kinds.js';
import { SourceRegistry } from './source-registry.js';
import { type SourceState, type Status, type StatusFacts, statusOf } from './source-status.js';
import { type StreamRow, SyncPositionsRepository, type WatermarkRow } from './sync-positions.repository.js';
import type { SyncRunState } from './sync-run.entity.js';
import { type RunRow, SyncRunsRepository } from './sync-runs.repository.js';
import { type GapRow, SyncScansRepository } from './sync-scans.repository.js';
import type { SourceCheck, SyncSource } from './sync-source.js';
import type { SyncKind } from './sync-window.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';
import { withoutSecrets } from './without-secrets.js';

export interface SourceView {
  id: string;
  domain: string;
  /** By the active runs of all kinds, and the last incremental one. */
  state: SourceState;
  /** Of `rate_limited`: when it goes on. */
  retryAt: Date | null;
  /** Of `error`: what that run said. */
  error: string | null;
  /** The same by incremental runs alone: whether the copy is current, or is just being made so. */
  copy: Status;
  /** End of the last incremental run that was complete. */
  lastSuccessAt: Date | null;
  /** When the next incremental run begins by itself; null while one is active. */
  nextAt: Date | null;
  /** Up to here every stream has been read completely, and what derives from it is made; null = no run was ever complete. */
  completeThrough: Date | null;
}

export interface RunPageFilter {
  kind: SyncKind | null;
  state: SyncRunState | null;
  /** Id of the last run of the page before. */
  before: string | null;
  limit: number;
}

export interface GapPageFilter {
  isOpen: boolean | null;
  before: { windowFrom: Date; sourceId: string; stream: string } | null;
  limit: number;
}

const CHECK_WITHIN_MS = 30_000;

/** What can be seen of synchronisation; by domain, since each domain has routes of its own for it. */
@Injectable()
export class SyncDesk {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly uow: UnitOfWork,
    private readonly runs: SyncRunsRepository,
    private readonly positions: SyncPositionsRepository,
    private readonly scans: SyncScansRepository,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** In the order of their settings. */
  listSources(scope: Scope, domain: string): Promise<SourceView[]> {
    const sources = this.registry.list().filter((source) => source.domain === domain);
    return this.uow.run(scope, (tx) => this.viewsOf(tx, sources));
  }

  /** One of the settings or of a family. @returns undefined for a source that the scope does not see, or that is not the domain's */
  findView(scope: Scope, domain: string, sourceId: string): Promise<SourceView | undefined> {
    return this.uow.run(scope, async (tx) => {
      const source = await this.registry.resolve(tx, sourceId);
      return source?.domain === domain ? (await this.viewsOf(tx, [source]))[0] : undefined;
    });
  }

  private async viewsOf(tx: Tx, sources: readonly SyncSource[]): Promise<SourceView[]> {
    const ids = sources.map(({ id }) => id);
    const now = await this.runs.findNow(tx, this.world.nowMs());
    const active = await this.runs.listActive(tx, ids);
    const ended = await this.runs.listLastIncremental(tx, ids);
    const facts = await this.runs.listKindFacts(tx, ids);
    const complete = await this.positions.listCompleteThrough(tx, ids);
    return sources.map((source) => {
      const isOwn = ({ sourceId }: { sourceId: string }): boolean => sourceId === source.id;
      const running = active.filter(isOwn);
      const last = ended.find(isOwn) ?? null;
      const statusBy = (runs: readonly RunRow[]): Status =>
        statusOf({ nowMs: now.getTime(), active: runs.map(signsOf), last });
      const { state, retryMs, error } = statusBy(running);
      const own = facts.filter(isOwn);
      const nextMs = dueAt('incremental', source, kindStatesOf(own));
      return {
        id: source.id,
        domain: source.domain,
        state,
        error,
        copy: statusBy(running.filter(({ kind }) => kind === 'incremental')),
        retryAt: retryMs === null ? null : new Date(retryMs),
        lastSuccessAt: own.find(({ kind }) => kind === 'incremental')?.lastSucceededAt ?? null,
        nextAt: nextMs === null ? null : new Date(Math.max(nextMs, now.getTime())),
        completeThrough: complete.find(isOwn)?.completeThrough ?? null,
      };
    });
  }

  /** Do the keys and the URL work? @returns undefined for a source that is not the domain's */
  async check(domain: string, sourceId: string): Promise<SourceCheck | undefined> {
    const source = this.findSource(domain, sourceId);
    if (source === undefined) return undefined;
    const { isOk, detail } = await source.check(AbortSignal.timeout(CHECK_WITHIN_MS));
    return { isOk, detail: withoutSecrets(detail, source.secrets) };
  }

  /** Newest first. @returns up to `limit` + 1 of them, the last of which only says that there is more */
  listRuns(scope: Scope, domain: string, filter: RunPageFilter): Promise<RunRow[]> {
    const sourceIds = this.registry.ids(domain);
    return this.uow.run(scope, (tx) =>
      this.runs.listPage(tx, { ...filter, sourceIds, limit: filter.limit + 1 }),
    );
  }

  /** With its streams, in the order in which they are read. @returns undefined for a run that is not the domain's */
  findRun(
    scope: Scope,
    domain: string,
    id: string,
  ): Promise<(RunRow & { streams: StreamRow[] }) | undefined> {
    return this.uow.run(scope, async (tx) => {
      const run = await this.runs.findRun(tx, id);
      if (run === undefined) return undefined;
      if ((await this.registry.resolve(tx, run.sourceId))?.domain !== domain) return undefined;
      return { ...run, streams: await this.positions.listStreams(tx, [id]) };
    });
  }

  listWatermarks(scope: Scope, domain: string): Promise<WatermarkRow[]> {
    return this.uow.run(scope, (tx) => this.positions.listWatermarks(tx, this.registry.ids(domain)));
  }

  /** Newest window first. @returns as `listRuns` */
  listGaps(scope: Scope, domain: string, filter: GapPageFilter): Promise<GapRow[]> {
    const sourceIds = this.registry.ids(domain);
    return this.uow.run(scope, (tx) =>
      this.scans.listGaps(tx, { ...filter, sourceIds, limit: filter.limit + 1 }),
    );
  }

  private findSource(domain: string, id: string): SyncSource | undefined {
    const source = this.registry.find(id);
    return source?.domain === domain ? source : undefined;
  }
}

function signsOf({ state, aliveAt, retryAt }: RunRow): StatusFacts['active'][number] {
  return { state, aliveMs: aliveAt.getTime(), retryMs: retryAt?.getTime() ?? null };
}
