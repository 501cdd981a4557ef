import type { SourceView, SyncDesk } from '../../platform/sync/sync-desk.service.js';
import type {
  SyncGapDto,
  SyncRunDetailDto,
  SyncRunDto,
  SyncRunStreamDto,
  SyncSourceDto,
  SyncWatermarkDto,
} from './sync.dto.js';

type RunRow = Awaited<ReturnType<SyncDesk['listRuns']>>[number];
type RunWithStreams = NonNullable<Awaited<ReturnType<SyncDesk['findRun']>>>;
type StreamRow = RunWithStreams['streams'][number];
type WatermarkRow = Awaited<ReturnType<SyncDesk['listWatermarks']>>[number];
type GapRow = Awaited<ReturnType<SyncDesk['listGaps']>>[number];

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function toSyncSourceDto(source: SourceView): SyncSourceDto {
  const { id, state, retryAt, error, lastSuccessAt, nextAt, completeThrough } = source;
  return {
    id,
    state,
    retryAt: iso(retryAt),
    error,
    lastSuccessAt: iso(lastSuccessAt),
    nextAt: iso(nextAt),
    completeThrough: iso(completeThrough),
  };
}

export function toSyncRunDto(run: RunRow): SyncRunDto {
  return {
    id: run.id,
    sourceId: run.sourceId,
    kind: run.kind,
    trigger: run.trigger,
    state: run.state,
    from: iso(run.askedFrom),
    to: iso(run.askedTo),
    isCancelRequested: run.isCancelRequested,
    createdAt: run.createdAt.toISOString(),
    startedAt: iso(run.startedAt),
    retryAt: iso(run.retryAt),
    finishedAt: iso(run.finishedAt),
    errorKind: run.errorKind,
    error: run.error,
  };
}

export function toSyncRunDetailDto(run: RunWithStreams): SyncRunDetailDto {
  return { ...toSyncRunDto(run), streams: run.streams.map(toStreamDto) };
}

function toStreamDto(row: StreamRow): SyncRunStreamDto {
  return {
    stream: row.stream,
    from: row.windowFrom.toISOString(),
    to: row.windowTo.toISOString(),
    total: row.total,
    pages: row.pages,
    fetched: row.fetched,
    inserted: row.inserted,
    updated: row.updated,
    unchanged: row.unchanged,
    refused: row.refused,
    removed: row.removed,
    refusals: row.refusals.map(({ key, reason }) => ({ key, reason })),
    fetchMs: row.fetchMs,
    storeMs: row.storeMs,
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

export function toSyncWatermarkDto(row: WatermarkRow): SyncWatermarkDto {
  const { sourceId, stream, watermarkAt, completeThrough } = row;
  return {
    sourceId,
    stream,
    watermarkAt: iso(watermarkAt),
    completeThrough: completeThrough.toISOString(),
  };
}

export function toSyncGapDto(row: GapRow): SyncGapDto {
  return {
    sourceId: row.sourceId,
    stream: row.stream,
    from: row.windowFrom.toISOString(),
    to: row.windowTo.toISOString(),
    upstreamCount: row.upstreamCount,
    storedCount: row.storedCount,
    foundAt: row.foundAt.toISOString(),
    checkedAt: row.checkedAt.toISOString(),
    repairedAt: iso(row.repairedAt),
  };
}
