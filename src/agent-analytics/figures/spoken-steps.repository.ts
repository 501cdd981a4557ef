import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Json } from '../langfuse/canonical-rows.js';
import type { SpokenChoices } from './choices.js';
import type { SpokenStep, SpokenTrace } from './conversation.js';
import { payloadAt } from './payload-time.js';
import { isMarked } from './trace-figures.js';

export interface SpokenRow {
  sessionId: string;
  traceId: string;
  chapter: string | null;
  traceFacts: Json;
  id: string;
  parentId: string | null;
  type: string;
  name: string | null;
  startMs: number;
  startText: string;
  endMs: number | null;
  endText: string | null;
  level: string;
  model: string | null;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  costUsd: number | null;
  facts: Json;
  choices: SpokenChoices | null;
  input: Json;
  output: Json;
}

/**
 * Steps of sessions' traces, generations with their texts as far as those are still kept. Each is looked up by its key: a planner that
 * has no statistics yet, within a first copy, would join whole tables.
 */
@Injectable()
export class SpokenStepsRepository {
  stepsStatement(projectId: string, sessionIds: readonly string[]): Statement {
    return {
      name: 'agents.spoken-steps.list',
      text: `SELECT f.session_id AS "sessionId", f.trace_id AS "traceId", f.chapter, coalesce(t.facts, '{}') AS "traceFacts", o.id, o.parent_id AS "parentId", o.type, o.name,
               (extract(epoch FROM o.at) * 1000)::float8 AS "startMs", o.at_text AS "startText",
               (extract(epoch FROM o.end_at) * 1000)::float8 AS "endMs", o.end_text AS "endText", o.level, o.model,
               o.prompt_tokens AS "promptTokens", o.completion_tokens AS "completionTokens", o.total_tokens AS "totalTokens",
               o.cost_usd AS "costUsd", o.facts, o.choices, p.input, p.output
             FROM agent_analytics.trace_figure f
             CROSS JOIN LATERAL (
               SELECT * FROM agent_analytics.observation o
               WHERE o.project_id = $1 AND o.trace_id = f.trace_id AND o.removed_at IS NULL AND o.stands_for = 'observation' OFFSET 0) o
             LEFT JOIN LATERAL (SELECT facts FROM agent_analytics.trace WHERE project_id = $1 AND id = f.trace_id OFFSET 0) t ON true
             LEFT JOIN LATERAL (
               SELECT input, output FROM agent_analytics.payload
               WHERE o.type = 'GENERATION' AND project_id = $1 AND kind = 'observation' AND id = o.id AND at = ${payloadAt('o.at')} OFFSET 0) p ON true
             WHERE f.project_id = $1 AND f.session_id = ANY ($2::text[])
             ORDER BY o.at, o.id`,
      values: [projectId, sessionIds],
    };
  }
}

/** @param rows of one session, in the order of time */
export function toSpokenTraces(rows: readonly SpokenRow[]): SpokenTrace[] {
  const traces = new Map<string, SpokenTrace & { steps: SpokenStep[] }>();
  for (const { sessionId: _one, traceId, chapter, traceFacts, facts, ...step } of rows) {
    let trace = traces.get(traceId);
    if (trace === undefined) {
      trace = { id: traceId, chapter, isMarked: isMarked(traceFacts), steps: [] };
      traces.set(traceId, trace);
    }
    trace.steps.push({ ...step, isStandIn: isMarked(facts) });
  }
  return [...traces.values()];
}
