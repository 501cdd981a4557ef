import { Injectable } from '@nestjs/common';
import { float8Array, textArray, timestamptzArray } from '../database/binary-arrays.js';
import type { Tx } from '../database/unit-of-work.js';
import type { ErrorDescription } from './error-fingerprint.js';

/** A row of `platform.api_performance_logs` to be. */
export interface PerformanceRow {
  /** When it ended, Unix milliseconds. */
  readonly atMs: number;
  readonly endpoint: string;
  readonly operation: string;
  readonly durationMs: number;
  readonly userId: string | undefined;
  readonly conversationId: string | undefined;
  readonly messageId: string | undefined;
  readonly requestId: string;
  /** A JSON object as text. */
  readonly extraJson: string;
}

/** What to add to an error group. */
export interface ErrorCount extends ErrorDescription {
  readonly firstMs: number;
  lastMs: number;
  count: number;
  /** At most SAMPLES ids, the newest last. */
  requestIds: string[];
}

/** Operation of the rows that say that a request or job was slow. */
export const SLOW_ALERT = 'slow_request_alert';

/** Request ids kept per error group. */
export const SAMPLES = 5;

/** Writes of the sink. All of it runs in the system's unit of work. */
@Injectable()
export class PerformanceLogRepository {
  /** What is lost when the machine fails within a moment is no loss here, so nobody waits for the disk. */
  async relaxDurability(tx: Tx): Promise<void> {
    await tx.query({
      name: 'platform.performance-log.relax-durability',
      text: "SELECT set_config('synchronous_commit', 'off', true)",
      values: [],
    });
  }

  async insertRows(tx: Tx, rows: readonly PerformanceRow[]): Promise<void> {
    await tx.query({
      name: 'platform.performance-log.insert-rows',
      text: `INSERT INTO platform.api_performance_logs ("timestamp", endpoint, operation, duration_ms, user_id,
               conversation_id, message_id, request_id, extra_data)
             SELECT at, endpoint, operation, ms, user_id::uuid, conversation_id, message_id, request_id, extra::jsonb
             FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[], $7::text[],
               $8::text[], $9::text[])
               AS t(at, endpoint, operation, ms, user_id, conversation_id, message_id, request_id, extra)`,
      values: [
        timestamptzArray(Float64Array.from(rows, (row) => row.atMs)),
        textArray(rows.map((row) => row.endpoint)),
        textArray(rows.map((row) => row.operation)),
        float8Array(Float64Array.from(rows, (row) => row.durationMs)),
        textArray(rows.map((row) => row.userId)),
        textArray(rows.map((row) => row.conversationId)),
        textArray(rows.map((row) => row.messageId)),
        textArray(rows.map((row) => row.requestId)),
        textArray(rows.map((row) => row.extraJson)),
      ],
    });
  }

  /**
   * @param errors one per fingerprint, ascending, so that two writers never wait for each other in a circle
   * @returns fingerprints that were not known before
   */
  async upsertErrors(tx: Tx, errors: readonly ErrorCount[]): Promise<Set<string>> {
    const rows = await tx.query<{ fingerprint: string; isNew: boolean }>({
      name: 'platform.performance-log.upsert-errors',
      text: `INSERT INTO platform.error_group AS known (fingerprint, name, code, message, frame, first_seen_at, last_seen_at, count,
               sample_request_ids)
             SELECT fingerprint, name, code, message, frame, first_at, last_at, n, string_to_array(ids, ' ')
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
               $8::float8[], $9::text[])
               AS t(fingerprint, name, code, message, frame, first_at, last_at, n, ids)
             ON CONFLICT (fingerprint) DO UPDATE SET
               first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
               last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
               frame = excluded.frame,
               count = known.count + excluded.count,
               sample_request_ids = (known.sample_request_ids || excluded.sample_request_ids)
                 [greatest(1, cardinality(known.sample_request_ids || excluded.sample_request_ids) - ${SAMPLES - 1}):]
             RETURNING fingerprint, xmax = 0 AS "isNew"`,
      values: [
        textArray(errors.map((error) => error.fingerprint)),
        textArray(errors.map((error) => error.name)),
        textArray(errors.map((error) => error.code)),
        textArray(errors.map((error) => error.message)),
        textArray(errors.map((error) => error.frame)),
        timestamptzArray(Float64Array.from(errors, (error) => error.firstMs)),
        timestamptzArray(Float64Array.from(errors, (error) => error.lastMs)),
        float8Array(Float64Array.from(errors, (error) => error.count)),
        textArray(errors.map((error) => error.requestIds.join(' '))),
      ],
    });
    return new Set(rows.filter(({ isNew }) => isNew).map(({ fingerprint }) => fingerprint));
  }

  /** Makes the partitions of the days around now. In a transaction of its own: it commits before rows need them. */
  async ensurePartitions(tx: Tx, firstDay: string, lastDay: string): Promise<void> {
    await tx.query({
      name: 'platform.performance-log.ensure-partitions',
      text: 'SELECT platform.ensure_performance_partitions($1::date, $2::date)',
      values: [firstDay, lastDay],
    });
  }

  /** @returns the number of days that were dropped */
  async deletePartitionsBefore(tx: Tx, keptDays: number): Promise<number> {
    const [row] = await tx.query<{ dropped: number }>({
      name: 'platform.performance-log.drop-partitions',
      text: 'SELECT platform.drop_performance_partitions($1) AS dropped',
      values: [keptDays],
    });
    return row?.dropped ?? 0;
  }

  async deleteErrorsBefore(tx: Tx, keptDays: number): Promise<void> {
    await tx.query({
      name: 'platform.performance-log.delete-errors',
      text: 'DELETE FROM platform.error_group WHERE last_seen_at < now() - make_interval(days => $1)',
      values: [keptDays],
    });
  }

  /** The text of an error may hold a word of whoever met it; a fault that still exists opens its group anew. */
  async deleteErrorsMetBy(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'platform.performance-log.delete-errors-met-by',
      text: `DELETE FROM platform.error_group WHERE sample_request_ids && (
               SELECT array_agg(DISTINCT request_id) FROM platform.api_performance_logs WHERE user_id = $1)`,
      values: [userId],
    });
  }
}
