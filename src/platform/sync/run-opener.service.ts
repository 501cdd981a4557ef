import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { PageFetcher } from './page-fetcher.service.js';
import { type HeldRun, SyncHolds } from './sync-holds.service.js';
import { type Reading, startOf } from './sync-position.js';
import { type NewStream, type StreamRow, SyncPositionsRepository } from './sync-positions.repository.js';
import type { SyncSource, SyncStream } from './sync-source.js';
import { windowOf } from './sync-window.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

/** A failed run is continued by the next of its kind within this time. */
const CONTINUED_WITHIN_MS = 86_400_000;

/** What a run reads: decided once, when it begins. */
@Injectable()
export class RunOpener {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly holds: SyncHolds,
    private readonly fetcher: PageFetcher,
    private readonly positions: SyncPositionsRepository,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** The run's streams in their order; where it begins, their windows are frozen. @throws as `PageFetcher.prepare` */
  async open(run: HeldRun, source: SyncSource, signal: AbortSignal): Promise<StreamRow[]> {
    await this.fetcher.prepare({ run, signal }, source);
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const known = await this.positions.listStreams(tx, [run.id]);
      if (known.length > 0) return known;
      await this.holds.turn(tx, run);
      const nowMs = this.world.nowMs();
      // Scans that prove absence are not continued: what they have met is known only to themselves.
      const isContinuing = run.kind === 'incremental' || run.kind === 'backfill';
      const left = isContinuing
        ? await this.positions.listLeftStreams(tx, run, CONTINUED_WITHIN_MS, nowMs)
        : [];
      const streams: NewStream[] = [];
      for (const stream of source.streams) {
        if (run.kind === 'verify' && (stream.stored === null || stream.countUpstream === null)) continue;
        const watermark = await this.positions.findWatermark(tx, source.id, stream.name);
        const old = left.find((row) => row.stream === stream.name);
        streams.push(old ?? newStream(run, source, stream, watermark));
      }
      await this.positions.insertStreams(tx, run.id, streams, nowMs);
      return this.positions.listStreams(tx, [run.id]);
    });
  }
}

/** How a stream's window is read. Absence and counts are a matter of days. */
export function readingOf(
  { kind }: HeldRun,
  { paging, pageLimit }: SyncStream,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Reading {
  const cut = kind === 'reconcile' || kind === 'verify' ? 'days' : 'whole';
  return { fromMs, toMs, paging, cut, limit: pageLimit };
}

function newStream(run: HeldRun, source: SyncSource, stream: SyncStream, watermark: Date | null): NewStream {
  const { askedFrom, askedTo, takenAtMs } = run;
  const asked =
    askedFrom !== null && askedTo !== null ? { fromMs: askedFrom.getTime(), toMs: askedTo.getTime() } : null;
  const window = windowOf(run.kind, stream, {
    atMs: takenAtMs,
    sinceMs: source.since.getTime(),
    watermarkMs: watermark?.getTime() ?? null,
    asked,
  });
  return {
    stream: stream.name,
    windowFrom: new Date(window.fromMs),
    windowTo: new Date(window.toMs),
    frozenAt: new Date(takenAtMs),
    completeThrough: new Date(takenAtMs - stream.lagMs),
    position: startOf(readingOf(run, stream, window)),
    maxSeenAt: null,
  };
}
