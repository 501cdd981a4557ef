import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { inRange, modelsOf, rangeValues } from '../figures/figure-sql.js';
import type { Range } from '../figures/range.js';

export interface AgentRow {
  name: string;
  runCount: number;
  errorCount: number;
  meanMs: number | null;
  /** p50, p90, p95, p99; null where no run has ended. */
  quantilesMs: number[] | null;
  costUsd: number;
  totalTokens: number;
}

export interface ModelRow {
  model: string | null;
  runCount: number;
  costUsd: number;
  totalTokens: number;
}

export interface ExecutionRow {
  traceId: string;
  observationId: string;
  sessionId: string | null;
  at: Date;
  /** Microseconds since 1970, as text: what a page goes on from. */
  place: string;
  latencyMs: number | null;
  model: string | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
  errorType: string | null;
}

export interface ExecutionsPage extends Range {
  readonly name: string;
  readonly isError: boolean | null;
  readonly model: string | null;
  readonly before: { readonly place: string; readonly observationId: string } | null;
  readonly limit: number;
}

export interface ErrorRow {
  type: string;
  count: number;
  lastAt: Date;
  traceIds: string[];
}

const MOST_ERROR_TYPES = 200;
const MOST_EXAMPLES = 5;

/** $1 to $4 the range, $5 name. */
const IS_MEANT = `${inRange('r', 'at')} AND ($5::text IS NULL OR r.name = $5)`;
const RUNS = `agent_analytics.agent_run r WHERE ${IS_MEANT}`;

@Injectable()
export class AgentsRepository {
  /** @param name null = all */
  figuresStatement(projectId: string, name: string | null, range: Range): Statement {
    return {
      name: 'agents.agents.list',
      text: `SELECT name, count(*)::int AS "runCount", (count(*) FILTER (WHERE is_error))::int AS "errorCount", avg(latency_ms) AS "meanMs",
               percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms) AS "quantilesMs",
               sum(cost_usd) AS "costUsd", sum(total_tokens) AS "totalTokens"
             FROM ${RUNS} GROUP BY name ORDER BY "runCount" DESC, name COLLATE "C"`,
      values: valuesOf(projectId, name, range),
      isPlannedAnew: true,
    };
  }

  /** Newest first. */
  executionsStatement(projectId: string, page: ExecutionsPage): Statement {
    const { name, isError, model, before, limit } = page;
    const at = `timestamptz 'epoch' + $8::bigint * interval '1 microsecond'`;
    return {
      name: 'agents.agents.list-executions',
      text: `SELECT r.trace_id AS "traceId", r.observation_id AS "observationId", t.session_id AS "sessionId", r.at,
               (extract(epoch FROM r.at) * 1000000)::bigint::text AS place, r.latency_ms AS "latencyMs", r.model, r.cost_usd AS "costUsd",
               r.total_tokens AS "totalTokens", r.is_error AS "isError", r.error_type AS "errorType"
             FROM (
               SELECT * FROM ${RUNS} AND ($6::boolean IS NULL OR is_error = $6) AND ($7::text IS NULL OR model = $7)
                 AND ($8::bigint IS NULL OR at <= ${at} AND (at < ${at} OR observation_id < $9))
               ORDER BY at DESC, observation_id DESC LIMIT $10
             ) r LEFT JOIN agent_analytics.trace_figure t ON t.project_id = r.project_id AND t.trace_id = r.trace_id
             ORDER BY r.at DESC, r.observation_id DESC`,
      values: [
        ...valuesOf(projectId, name, page),
        isError,
        model,
        before?.place ?? null,
        before?.observationId ?? null,
        limit,
      ],
      isPlannedAnew: true,
    };
  }

  errorsStatement(projectId: string, name: string, range: Range): Statement {
    return {
      name: 'agents.agents.list-errors',
      text: `SELECT error_type AS type, count(*)::int AS count, max(at) AS "lastAt",
               (array_agg(trace_id ORDER BY at DESC, trace_id COLLATE "C"))[1:${MOST_EXAMPLES}] AS "traceIds"
             FROM ${RUNS} AND is_error GROUP BY 1 ORDER BY count DESC, error_type COLLATE "C" LIMIT ${MOST_ERROR_TYPES}`,
      values: valuesOf(projectId, name, range),
      isPlannedAnew: true,
    };
  }

  modelsStatement(projectId: string, name: string, range: Range): Statement {
    return {
      name: 'agents.agents.list-models',
      text: `SELECT m.model, count(*)::int AS "runCount", sum(m."costUsd") AS "costUsd", sum(m."totalTokens") AS "totalTokens"
             FROM agent_analytics.agent_run r CROSS JOIN LATERAL ${modelsOf('r')}
             WHERE ${IS_MEANT} GROUP BY m.model ORDER BY "costUsd" DESC, m.model COLLATE "C"`,
      values: valuesOf(projectId, name, range),
      isPlannedAnew: true,
    };
  }
}

function valuesOf(projectId: string, name: string | null, range: Range): unknown[] {
  return [...rangeValues(projectId, range), name];
}
