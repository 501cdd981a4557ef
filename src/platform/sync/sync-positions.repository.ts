import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { SyncPosition } from './sync-position.js';
import type { RefusedRow } from './sync-source.js';
import { nowSql } from './sync-sql.js';
import type { SyncKind } from './sync-window.js';

export interface StreamRow {
  runId: string;
  stream: string;
  windowFrom: Date;
  windowTo: Date;
  frozenAt: Date;
  completeThrough: Date;
  position: SyncPosition | null;
  maxSeenAt: Date | null;
  total: number | null;
  pages: number;
  fetched: number;
  inserted: number;
  updated: number;
  unchanged: number;
  refused: number;
  removed: number;
  refusals: RefusedRow[];
  fetchMs: number;
  storeMs: number;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface NewStream {
  stream: string;
  windowFrom: Date;
  windowTo: Date;
  frozenAt: Date;
  completeThrough: Date;
  position: SyncPosition | null;
  maxSeenAt: Date | null;
}

/** What one page, or the end of a span without any, adds to its stream. */
export interface PageCounts {
  fetched: number;
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
  refused: readonly RefusedRow[];
  pages: number;
  fetchMs: number;
  storeMs: number;
  /** Rows announced for a span that begins. */
  total: number | null;
  maxSeenMs: number | null;
}

export interface WatermarkRow {
  sourceId: string;
  stream: string;
  watermarkAt: Date | null;
  completeThrough: Date;
}

/** So many refused rows are named; all are counted. */
const MOST_REFUSALS = 20;

const COLUMNS = `run_id AS "runId", stream, window_from AS "windowFrom", window_to AS "windowTo", frozen_at AS "frozenAt",
  complete_through AS "completeThrough", position, max_seen_at AS "maxSeenAt", total, pages, fetched, inserted, updated, unchanged, refused, removed, refusals,
  fetch_ms AS "fetchMs", store_ms AS "storeMs", started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Where runs stand in their streams, and how far streams have been read. */
@Injectable()
export class SyncPositionsRepository {
  async insertStreams(
    tx: Tx,
    runId: string,
    streams: readonly NewStream[],
    nowMs: number | null,
  ): Promise<void> {
    await tx.query({
      name: 'platform.sync-positions.insert-streams',
      text: `INSERT INTO platform.sync_run_stream
               (run_id, stream, ordinal, window_from, window_to, frozen_at, position, max_seen_at, complete_through, finished_at)
             SELECT $1, t.stream, t.ordinal, t.window_from, t.window_to, t.frozen_at, t.position, t.max_seen_at, t.complete_through,
               CASE WHEN t.position IS NULL THEN ${nowSql(8)} END
             FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[], $7::timestamptz[],
               $9::timestamptz[]) WITH ORDINALITY
               AS t (stream, window_from, window_to, frozen_at, position, max_seen_at, complete_through, ordinal)`,
      values: [
        runId,
        streams.map(({ stream }) => stream),
        streams.map(({ windowFrom }) => windowFrom),
        streams.map(({ windowTo }) => windowTo),
        streams.map(({ frozenAt }) => frozenAt),
        streams.map(({ position }) => position && JSON.stringify(position)),
        streams.map(({ maxSeenAt }) => maxSeenAt),
        nowMs,
        streams.map(({ completeThrough }) => completeThrough),
      ],
    });
  }

  /** In the order in which they are read. */
  listStreams(tx: Tx, runIds: readonly string[]): Promise<StreamRow[]> {
    return tx.query<StreamRow>({
      name: 'platform.sync-positions.list-streams',
      text: `SELECT ${COLUMNS} FROM platform.sync_run_stream WHERE run_id = ANY ($1::uuid[]) ORDER BY run_id, ordinal`,
      values: [runIds],
    });
  }

  /**
   * Unfinished streams of the newest run of the kind, where that one failed not long ago after it had come some way: the next run goes on there.
   * A stream that brought no page in that run starts anew, lest one bad position is kept for ever.
   */
  listLeftStreams(
    tx: Tx,
    run: { sourceId: string; kind: SyncKind; askedFrom: Date | null; askedTo: Date | null },
    withinMs: number,
    nowMs: number | null,
  ): Promise<StreamRow[]> {
    return tx.query<StreamRow>({
      name: 'platform.sync-positions.list-left-streams',
      text: `SELECT ${COLUMNS} FROM platform.sync_run_stream
             WHERE run_id = (
                 SELECT id FROM (
                   SELECT * FROM platform.sync_run WHERE source_id = $1 AND kind = $2 AND finished_at IS NOT NULL
                   ORDER BY finished_at DESC LIMIT 1) r
                 WHERE state = 'failed' AND finished_at >= ${nowSql(6)} - $5 * interval '1 millisecond'
                   AND asked_from IS NOT DISTINCT FROM $3::timestamptz AND asked_to IS NOT DISTINCT FROM $4::timestamptz)
               AND pages > 0 AND finished_at IS NULL`,
      values: [run.sourceId, run.kind, run.askedFrom, run.askedTo, withinMs, nowMs],
    });
  }

  /** Goes with the COMMIT: the last statement of the page's transaction. @param position null = the stream is done */
  updateAfterPage(
    tx: Tx,
    { runId, stream }: { runId: string; stream: string },
    position: SyncPosition | null,
    counts: PageCounts,
    nowMs: number | null,
  ): void {
    tx.withCommit({
      name: 'platform.sync-positions.update-after-page',
      text: `UPDATE platform.sync_run_stream SET position = $3::jsonb, pages = pages + $4::int, fetched = fetched + $5::int,
               inserted = inserted + $6::int, updated = updated + $7::int, unchanged = unchanged + $8::int, removed = removed + $9::int,
               refused = refused + $10::int,
               refusals = CASE WHEN $10::int = 0 OR jsonb_array_length(refusals) >= ${MOST_REFUSALS} THEN refusals ELSE refusals || $11::jsonb END,
               fetch_ms = fetch_ms + $12::int, store_ms = store_ms + $13::int,
               total = CASE WHEN $14::int IS NULL THEN total ELSE coalesce(total, 0) + $14::int END,
               max_seen_at = greatest(max_seen_at, to_timestamp($15::float8 / 1000)),
               started_at = coalesce(started_at, ${nowSql(16)}),
               finished_at = CASE WHEN $3::jsonb IS NULL THEN ${nowSql(16)} END
             WHERE run_id = $1::uuid AND stream = $2::text`,
      values: [
        runId,
        stream,
        position && JSON.stringify(position),
        counts.pages,
        counts.fetched,
        counts.inserted,
        counts.updated,
        counts.unchanged,
        counts.removed,
        counts.refused.length,
        JSON.stringify(counts.refused.slice(0, MOST_REFUSALS)),
        Math.round(counts.fetchMs),
        Math.round(counts.storeMs),
        counts.total,
        counts.maxSeenMs,
        nowMs,
      ],
    });
  }

  async findWatermark(tx: Tx, sourceId: string, stream: string): Promise<Date | null> {
    const [row] = await tx.query<{ watermarkAt: Date | null }>({
      name: 'platform.sync-positions.find-watermark',
      text: `SELECT watermark_at AS "watermarkAt" FROM platform.sync_watermark WHERE source_id = $1 AND stream = $2`,
      values: [sourceId, stream],
    });
    return row?.watermarkAt ?? null;
  }

  listWatermarks(tx: Tx, sourceIds: readonly string[]): Promise<WatermarkRow[]> {
    return tx.query<WatermarkRow>({
      name: 'platform.sync-positions.list-watermarks',
      text: `SELECT source_id AS "sourceId", stream, watermark_at AS "watermarkAt", complete_through AS "completeThrough"
             FROM platform.sync_watermark WHERE source_id = ANY ($1::text[]) ORDER BY source_id, stream`,
      values: [sourceIds],
    });
  }

  /**
   * Of each source: up to where all streams of its last complete incremental run have been read. By that run's own windows: a run that
   * is under way, or has failed at its end, has moved watermarks already, and nothing derives from its rows yet.
   */
  listCompleteThrough(
    tx: Tx,
    sourceIds: readonly string[],
  ): Promise<{ sourceId: string; completeThrough: Date | null }[]> {
    return tx.query({
      name: 'platform.sync-positions.list-complete-through',
      text: `SELECT s.id AS "sourceId", (
               SELECT min(x.complete_through) FROM platform.sync_run_stream x
               WHERE x.run_id = (
                 SELECT r.id FROM platform.sync_run r
                 WHERE r.source_id = s.id AND r.kind = 'incremental' AND r.state = 'succeeded' AND r.finished_at IS NOT NULL
                 ORDER BY r.finished_at DESC LIMIT 1)) AS "completeThrough"
             FROM unnest($1::text[]) AS s (id)`,
      values: [sourceIds],
    });
  }

  async upsertWatermark(tx: Tx, row: WatermarkRow & { runId: string }): Promise<void> {
    await tx.query({
      name: 'platform.sync-positions.upsert-watermark',
      text: `INSERT INTO platform.sync_watermark AS w (source_id, stream, watermark_at, complete_through, run_id) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (source_id, stream) DO UPDATE SET watermark_at = greatest(w.watermark_at, excluded.watermark_at),
               complete_through = greatest(w.complete_through, excluded.complete_through), run_id = excluded.run_id`,
      values: [row.sourceId, row.stream, row.watermarkAt, row.completeThrough, row.runId],
    });
  }
}
