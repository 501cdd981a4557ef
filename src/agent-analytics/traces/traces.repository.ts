import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { payloadAt } from '../figures/payload-time.js';
import type { Range } from '../figures/range.js';

/** Of a row of a list: its instant in microseconds since 1970, exact as PostgreSQL has it. */
interface Placed {
  id: string;
  at: Date;
  atUs: number;
}

export interface TraceRow extends Placed {
  sessionId: string | null;
  environment: string;
  release: string | null;
  chapter: string | null;
  latencyS: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

export interface TraceTextRow {
  name: string | null;
  tags: string[];
  input: unknown;
  output: unknown;
  metadata: unknown;
  observationCount: number;
}

export interface ObservationRow extends Placed {
  traceId: string | null;
  parentId: string | null;
  type: string;
  name: string | null;
  endAt: Date | null;
  environment: string;
  level: string;
  statusMessage: string | null;
  model: string | null;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  costUsd: number | null;
  promptName: string | null;
  promptVersion: number | null;
}

export interface ObservationTextRow extends ObservationRow {
  input: unknown;
  output: unknown;
  metadata: unknown;
}

export interface ScoreRow extends Placed {
  name: string;
  dataType: string;
  numberValue: number | null;
  textValue: string | null;
  source: string;
  environment: string;
  comment: string | null;
  subjectKind: string | null;
  subjectId: string | null;
  traceId: string | null;
}

/** Last row of the page before. */
export interface RowPlace {
  readonly atUs: number;
  readonly id: string;
}

export interface TraceFilter extends Range {
  sessionId: string | null;
  chapter: string | null;
  isError: boolean | null;
  minLatencyS: number | null;
}

export interface ObservationFilter extends Range {
  traceId: string | null;
  sessionId: string | null;
  type: string | null;
  level: string | null;
  name: string | null;
  model: string | null;
}

export interface ScoreFilter extends Range {
  traceId: string | null;
  sessionId: string | null;
  name: string | null;
  source: string | null;
}

const AT_US = (at: string): string => `(extract(epoch FROM ${at}) * 1e6)::float8 AS "atUs"`;
const TRACE = `f.trace_id AS id, f.session_id AS "sessionId", f.at, ${AT_US('f.at')}, f.environment, f.release, f.chapter,
  f.latency_s AS "latencyS", f.cost_usd AS "costUsd", f.total_tokens AS "totalTokens", f.is_error AS "isError"`;
const OBSERVATION = `o.id, o.trace_id AS "traceId", o.parent_id AS "parentId", o.type, o.name, o.at, ${AT_US('o.at')}, o.end_at AS "endAt",
  o.environment, o.level, o.status_message AS "statusMessage", o.model, o.prompt_tokens AS "promptTokens",
  o.completion_tokens AS "completionTokens", o.total_tokens AS "totalTokens", o.cost_usd AS "costUsd", o.prompt_name AS "promptName",
  o.prompt_version AS "promptVersion"`;
const SCORE = `s.id, s.name, s.data_type AS "dataType", s.number_value AS "numberValue", s.text_value AS "textValue", s.source, s.at,
  ${AT_US('s.at')}, s.environment, s.comment, s.subject_kind AS "subjectKind", s.subject_id AS "subjectId", s.trace_id AS "traceId"`;
/** $1 project, $2 from, $3 to, $4 environment, $5 and $6 place, $7 limit. */
const PAGE = (
  row: string,
  id: string,
): string => `${row}.project_id = $1 AND ($2::timestamptz IS NULL OR ${row}.at >= $2)
  AND ($3::timestamptz IS NULL OR ${row}.at < $3) AND ($4::text IS NULL OR ${row}.environment = $4)
  AND ($5::float8 IS NULL OR (${row}.at, ${row}.${id}) < ('epoch'::timestamptz + $5 * interval '1 microsecond', $6::text))`;
const OWN = `o.stands_for = 'observation' AND o.removed_at IS NULL`;

/** Trace by trace, $13 the session: the planner takes a session for far larger than it is, and would look through everything by time. */
const OBSERVATIONS_OF_SESSION = `(
  SELECT o.* FROM agent_analytics.trace_figure f CROSS JOIN LATERAL (
    SELECT * FROM agent_analytics.observation WHERE project_id = $1 AND trace_id = f.trace_id OFFSET 0) o
  WHERE f.project_id = $1 AND f.session_id = $13
)`;

/** On the session itself, and on anything in it; $11 the session. */
const SCORES_OF_SESSION = `(
  SELECT * FROM agent_analytics.score WHERE project_id = $1 AND subject_kind = 'session' AND subject_id = $11
  UNION ALL
  SELECT c.* FROM agent_analytics.trace_figure f JOIN agent_analytics.score c ON c.project_id = $1 AND c.trace_id = f.trace_id
  WHERE f.project_id = $1 AND f.session_id = $11 AND c.subject_kind IS DISTINCT FROM 'session'
)`;

/** Traces as their figures have them, observations and scores as Langfuse does. */
@Injectable()
export class TracesRepository {
  tracesStatement(projectId: string, filter: TraceFilter, after: RowPlace | null, limit: number): Statement {
    return {
      name: 'agents.traces.list',
      text: `SELECT ${TRACE} FROM agent_analytics.trace_figure f
             WHERE ${PAGE('f', 'trace_id')} AND ($8::text IS NULL OR f.session_id = $8) AND ($9::text IS NULL OR f.chapter = $9)
               AND ($10::boolean IS NULL OR f.is_error = $10) AND ($11::float8 IS NULL OR f.latency_s >= $11)
             ORDER BY f.at DESC, f.trace_id DESC LIMIT $7`,
      values: [
        ...pageValues(projectId, filter, after, limit),
        ...[filter.sessionId, filter.chapter, filter.isError, filter.minLatencyS],
      ],
      isPlannedAnew: true,
    };
  }

  traceStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.traces.find',
      text: `SELECT ${TRACE} FROM agent_analytics.trace_figure f WHERE f.project_id = $1 AND f.trace_id = $2`,
      values: [projectId, id],
    };
  }

  /** One row, whether there is a row of the trace itself or not. */
  traceTextStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.traces.find-text',
      text: `SELECT t.name, coalesce(t.tags, '{}') AS tags, p.input, p.output, p.metadata, (
               SELECT count(*)::int FROM agent_analytics.observation o WHERE o.project_id = $1 AND o.trace_id = $2 AND ${OWN}
             ) AS "observationCount"
             FROM (VALUES ($2::text)) AS asked(id)
             LEFT JOIN agent_analytics.trace t ON t.project_id = $1 AND t.id = asked.id AND t.removed_at IS NULL
             LEFT JOIN agent_analytics.payload p ON p.project_id = $1 AND p.kind = 'trace' AND p.id = t.id AND p.at = ${payloadAt('t.at')}`,
      values: [projectId, id],
    };
  }

  /** In the order of time. */
  observationsOfStatement(projectId: string, traceId: string, limit: number): Statement {
    return {
      name: 'agents.traces.list-own-observations',
      text: `SELECT ${OBSERVATION} FROM agent_analytics.observation o WHERE o.project_id = $1 AND o.trace_id = $2 AND ${OWN}
             ORDER BY o.at, o.id LIMIT $3`,
      values: [projectId, traceId, limit],
    };
  }

  observationsStatement(
    projectId: string,
    filter: ObservationFilter,
    after: RowPlace | null,
    limit: number,
  ): Statement {
    return {
      name: 'agents.traces.list-observations',
      text: `SELECT ${OBSERVATION} FROM ${filter.sessionId === null ? 'agent_analytics.observation' : OBSERVATIONS_OF_SESSION} o
             WHERE ${PAGE('o', 'id')} AND ${OWN} AND ($8::text IS NULL OR o.trace_id = $8)
               AND ($9::text IS NULL OR o.type = $9) AND ($10::text IS NULL OR o.level = $10)
               AND ($11::text IS NULL OR o.name = $11) AND ($12::text IS NULL OR o.model = $12)
             ORDER BY o.at DESC, o.id DESC LIMIT $7`,
      values: [
        ...pageValues(projectId, filter, after, limit),
        ...[filter.traceId, filter.type, filter.level, filter.name, filter.model],
        ...(filter.sessionId === null ? [] : [filter.sessionId]),
      ],
      isPlannedAnew: true,
    };
  }

  /** Texts only of a trace that is known: until then nobody knows whether they are of somebody whose texts were erased. */
  observationStatement(projectId: string, id: string): Statement {
    return {
      name: 'agents.traces.find-observation',
      text: `SELECT ${OBSERVATION}, p.input, p.output, p.metadata FROM agent_analytics.observation o
             LEFT JOIN agent_analytics.payload p ON p.project_id = $1 AND p.kind = 'observation' AND p.id = o.id AND p.at = ${payloadAt('o.at')}
               AND (o.trace_id IS NULL OR EXISTS (
                 SELECT FROM agent_analytics.trace_figure f WHERE f.project_id = $1 AND f.trace_id = o.trace_id))
             WHERE o.project_id = $1 AND o.id = $2 AND ${OWN}`,
      values: [projectId, id],
    };
  }

  scoresStatement(projectId: string, filter: ScoreFilter, after: RowPlace | null, limit: number): Statement {
    return {
      name: 'agents.traces.list-scores',
      text: `SELECT ${SCORE} FROM ${filter.sessionId === null ? 'agent_analytics.score' : SCORES_OF_SESSION} s
             WHERE ${PAGE('s', 'id')} AND s.removed_at IS NULL AND ($8::text IS NULL OR s.trace_id = $8)
               AND ($9::text IS NULL OR s.name = $9) AND ($10::text IS NULL OR s.source = $10)
             ORDER BY s.at DESC, s.id DESC LIMIT $7`,
      values: [
        ...pageValues(projectId, filter, after, limit),
        ...[filter.traceId, filter.name, filter.source],
        ...(filter.sessionId === null ? [] : [filter.sessionId]),
      ],
      isPlannedAnew: true,
    };
  }
}

function pageValues(
  projectId: string,
  { from, to, environment }: Range,
  after: RowPlace | null,
  limit: number,
): unknown[] {
  return [projectId, from, to, environment, after?.atUs ?? null, after?.id ?? null, limit];
}
