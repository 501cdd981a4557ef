import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
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

/** $1 project, $2 name, $3 from, $4 to, $5 environment. */
const RUNS = `agent_analytics.agent_run WHERE project_id = $1 AND ($2::text IS NULL OR name = $2)
  AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4) AND ($5::text IS NULL OR environment = $5)`;

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
    };
  }

  modelsStatement(projectId: string, name: string, range: Range): Statement {
    return {
      name: 'agents.agents.list-models',
      text: `SELECT model, count(*)::int AS "runCount", sum(cost_usd) AS "costUsd", sum(total_tokens) AS "totalTokens"
             FROM ${RUNS} GROUP BY model ORDER BY "costUsd" DESC, model COLLATE "C"`,
      values: valuesOf(projectId, name, range),
    };
  }
}

function valuesOf(projectId: string, name: string | null, { from, to, environment }: Range): unknown[] {
  return [projectId, name, from, to, environment];
}
