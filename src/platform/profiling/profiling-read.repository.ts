import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { CursorKey } from './log-cursor.js';

/** A span of time, `from` inclusive, `to` exclusive. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface LogFilter extends Period {
  readonly endpoint: string | undefined;
  readonly operation: string | undefined;
  readonly userId: string | undefined;
  readonly requestId: string | undefined;
  readonly minDurationMs: number | undefined;
}

export interface LogRow {
  id: number;
  /** Unix microseconds. */
  us: string;
  timestamp: Date;
  endpoint: string;
  operation: string;
  durationMs: number;
  userId: string | null;
  conversationId: string | null;
  messageId: string | null;
  requestId: string;
  extraData: Record<string, unknown> | null;
}

export interface SummaryRow {
  endpoint: string;
  operation: string;
  count: number;
  errorCount: number;
  /** 0.5, 0.95, 0.99, in milliseconds. */
  percentiles: [number, number, number];
  maxMs: number;
  totalMs: number;
}

/** What requests are counted by, and where a row says it. */
const USAGE_KEYS = {
  route: 'endpoint',
  key: `extra_data ->> 'key'`,
  account: 'user_id::text',
} as const;
export type UsageBy = keyof typeof USAGE_KEYS;

export interface UsageRow {
  key: string | null;
  count: number;
  clientErrorCount: number;
  serverErrorCount: number;
  totalMs: number;
  meanMs: number;
  lastAt: Date;
}

export interface ErrorRow {
  fingerprint: string;
  us: string;
  name: string;
  code: string | null;
  message: string;
  frame: string | null;
  firstSeenAt: Date;
  lastSeenAt: Date;
  count: number;
  sampleRequestIds: string[];
}

const LOG_COLUMNS = `id, (extract(epoch FROM "timestamp") * 1e6)::bigint::text AS us, "timestamp", endpoint, operation,
  duration_ms AS "durationMs", user_id AS "userId", conversation_id AS "conversationId", message_id AS "messageId",
  request_id AS "requestId", extra_data AS "extraData"`;

/** Reads for administrators, over all accounts: they run in the system's unit of work. */
@Injectable()
export class ProfilingReadRepository {
  /** Reads may be heavy; the limit keeps one from holding the connection that the sink needs too. */
  async limitTime(tx: Tx, limitMs: number): Promise<void> {
    await tx.query({
      name: 'platform.profiling.limit-time',
      text: "SELECT set_config('statement_timeout', $1, true)",
      values: [String(limitMs)],
    });
  }

  /** Newest first. An operation is looked for among the rows' own and among the spans inside of them. */
  async listLogs(tx: Tx, filter: LogFilter, limit: number, after: CursorKey | undefined): Promise<LogRow[]> {
    return tx.query<LogRow>({
      name: 'platform.profiling.list-logs',
      text: `SELECT ${LOG_COLUMNS} FROM platform.api_performance_logs
             WHERE "timestamp" >= $1 AND "timestamp" < $2
               AND ($3::text IS NULL OR endpoint = $3)
               AND ($4::text IS NULL OR operation = $4
                 OR extra_data -> 'spans' @> jsonb_build_array(jsonb_build_array($4::text)))
               AND ($5::uuid IS NULL OR user_id = $5)
               AND ($6::text IS NULL OR request_id = $6)
               AND ($7::float8 IS NULL OR duration_ms >= $7)
               AND ($8::bigint IS NULL OR ("timestamp", id) <
                 (timestamptz '1970-01-01Z' + $8::bigint * interval '1 microsecond', $9::bigint))
             ORDER BY "timestamp" DESC, id DESC LIMIT $10`,
      values: [
        filter.from,
        filter.to,
        filter.endpoint ?? null,
        filter.operation ?? null,
        filter.userId ?? null,
        filter.requestId ?? null,
        filter.minDurationMs ?? null,
        after?.us ?? null,
        after?.id ?? null,
        limit,
      ],
    });
  }

  /** Exact: every request and every span inside of it counts. The slowest groups (by 95th percentile) first. */
  async listSummary(
    tx: Tx,
    period: Period,
    endpoint: string | undefined,
    limit: number,
  ): Promise<SummaryRow[]> {
    return tx.query<SummaryRow>({
      name: 'platform.profiling.list-summary',
      text: `WITH own AS MATERIALIZED (
               SELECT endpoint, operation, duration_ms, extra_data FROM platform.api_performance_logs
               WHERE "timestamp" >= $1 AND "timestamp" < $2 AND operation IN ('request', 'job')
                 AND ($3::text IS NULL OR endpoint = $3)
             ), timed AS (
               SELECT endpoint, operation, duration_ms AS ms,
                 coalesce((extra_data ->> 'status')::int >= 500, (extra_data ->> 'isError')::boolean, false) AS is_error
               FROM own
               UNION ALL
               SELECT endpoint, span ->> 0, (span ->> 2)::float8, span ->> 4 IS NOT NULL
               FROM own, jsonb_array_elements(extra_data -> 'spans') AS span
             )
             SELECT endpoint, operation, count(*) AS count, count(*) FILTER (WHERE is_error) AS "errorCount",
               percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY ms) AS percentiles,
               max(ms) AS "maxMs", sum(ms) AS "totalMs"
             FROM timed GROUP BY endpoint, operation
             ORDER BY percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) DESC, endpoint, operation LIMIT $4`,
      values: [period.from, period.to, endpoint ?? null, limit],
    });
  }

  async listSlowest(tx: Tx, period: Period, limit: number): Promise<LogRow[]> {
    return tx.query<LogRow>({
      name: 'platform.profiling.list-slowest',
      text: `SELECT ${LOG_COLUMNS} FROM platform.api_performance_logs
             WHERE "timestamp" >= $1 AND "timestamp" < $2 AND operation IN ('request', 'job')
             ORDER BY duration_ms DESC, id DESC LIMIT $3`,
      values: [period.from, period.to, limit],
    });
  }

  /** Strangers have no account, and whoever came without a key or token has no key. */
  async listUsage(tx: Tx, period: Period, by: UsageBy, limit: number): Promise<UsageRow[]> {
    return tx.query<UsageRow>({
      name: `platform.profiling.list-usage-by-${by}`,
      text: `SELECT ${USAGE_KEYS[by]} AS key, count(*) AS count,
               count(*) FILTER (WHERE (extra_data ->> 'status')::int BETWEEN 400 AND 499) AS "clientErrorCount",
               count(*) FILTER (WHERE (extra_data ->> 'status')::int >= 500) AS "serverErrorCount",
               sum(duration_ms) AS "totalMs", avg(duration_ms) AS "meanMs", max("timestamp") AS "lastAt"
             FROM platform.api_performance_logs
             WHERE "timestamp" >= $1 AND "timestamp" < $2 AND operation = 'request'
             GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $3`,
      values: [period.from, period.to, limit],
    });
  }

  /** Last seen first. */
  async listErrors(tx: Tx, period: Period, limit: number, after: CursorKey | undefined): Promise<ErrorRow[]> {
    return tx.query<ErrorRow>({
      name: 'platform.profiling.list-errors',
      text: `SELECT fingerprint, (extract(epoch FROM last_seen_at) * 1e6)::bigint::text AS us, name, code, message, frame,
               first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt", count, sample_request_ids AS "sampleRequestIds"
             FROM platform.error_group
             WHERE last_seen_at >= $1 AND last_seen_at < $2
               AND ($3::bigint IS NULL OR (last_seen_at, fingerprint) <
                 (timestamptz '1970-01-01Z' + $3::bigint * interval '1 microsecond', $4::text))
             ORDER BY last_seen_at DESC, fingerprint DESC LIMIT $5`,
      values: [period.from, period.to, after?.us ?? null, after?.id ?? null, limit],
    });
  }
}
