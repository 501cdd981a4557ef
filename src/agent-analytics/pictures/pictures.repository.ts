import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';

export interface SessionRunRow {
  agent: string;
  startMs: number;
  latencyMs: number | null;
  isError: boolean;
}

@Injectable()
export class PicturesRepository {
  /** In the order of time. */
  runsStatement(projectId: string, sessionId: string, limit: number): Statement {
    return {
      name: 'agents.pictures.list-runs',
      text: `SELECT r.name AS agent, (extract(epoch FROM r.at) * 1000)::float8 AS "startMs", r.latency_ms AS "latencyMs",
               r.is_error AS "isError"
             FROM agent_analytics.trace_figure t
             JOIN agent_analytics.agent_run r ON r.project_id = t.project_id AND r.trace_id = t.trace_id
             WHERE t.project_id = $1 AND t.session_id = $2 ORDER BY r.at, r.observation_id LIMIT $3`,
      values: [projectId, sessionId, limit],
    };
  }
}
