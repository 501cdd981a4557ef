import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Instant } from '../langfuse/canonical-rows.js';
import type { SessionFigures, TraceFacts } from './session-figures.js';
import type { TurnFacts } from './turn-facts.js';

export interface RawSession {
  id: string;
  environment: string;
  createdAt: Date;
  createdText: string;
}

/** A trace of a session, as its figures are made of it. */
export interface SessionTrace extends TraceFacts {
  sessionId: string;
  environment: string;
  at: Instant;
  createdAt: Instant | null;
}

export interface SessionRow {
  id: string;
  environment: string;
  createdAt: Instant;
  figures: SessionFigures;
  firstText: string | null;
  lastText: string | null;
}

export interface TurnRow extends TurnFacts {
  sessionId: string;
  environment: string;
}

/** Reads what sessions are made of and writes their derived rows, of one project and always in a transaction of a rebuild. */
@Injectable()
export class SessionFiguresRepository {
  /** As `FiguresRepository.takeDirtyTraces`. */
  async takeDirtySessions(tx: Tx, projectId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.figures.take-dirty-sessions',
      text: `WITH gone AS (
               DELETE FROM agent_analytics.dirty_session WHERE project_id = $1 AND session_id IN
                 (SELECT DISTINCT session_id FROM agent_analytics.dirty_session WHERE project_id = $1 ORDER BY session_id LIMIT $2)
               RETURNING session_id)
             SELECT DISTINCT session_id AS id FROM gone`,
      values: [projectId, limit],
    });
    return rows.map(({ id }) => id);
  }

  listRawSessions(tx: Tx, projectId: string, ids: readonly string[]): Promise<RawSession[]> {
    return tx.query<RawSession>({
      name: 'agents.figures.list-raw-sessions',
      text: `SELECT id, environment, created_at AS "createdAt", created_text AS "createdText" FROM agent_analytics.session
             WHERE project_id = $1 AND id = ANY ($2::text[]) AND removed_at IS NULL`,
      values: [projectId, ids],
    });
  }

  async listSessionTraces(tx: Tx, projectId: string, ids: readonly string[]): Promise<SessionTrace[]> {
    const rows = await tx.query<SessionTraceColumns>({
      name: 'agents.figures.list-session-traces',
      text: `SELECT trace_id AS id, session_id AS "sessionId", environment, at, at_text AS "atText", created_at AS "createdAt",
               created_text AS "createdText", chapter_number AS "chapterNumber", mortal, match, compatibility, player_id AS "playerId", release,
               latency_s AS "latencyS", cost_usd AS "costUsd", total_tokens AS "totalTokens", is_error AS "isError", has_end AS "hasEnd"
             FROM agent_analytics.trace_figure WHERE project_id = $1 AND session_id = ANY ($2::text[])`,
      values: [projectId, ids],
    });
    return rows.map(({ at, atText, createdAt, createdText, ...row }) => ({
      ...row,
      startMs: at.getTime(),
      at: { at, text: atText },
      createdAt: createdAt === null || createdText === null ? null : { at: createdAt, text: createdText },
    }));
  }

  /** Puts these rows in the place of what the sessions had. */
  async replaceSessions(
    tx: Tx,
    projectId: string,
    ids: readonly string[],
    sessions: readonly SessionRow[],
  ): Promise<void> {
    await tx.query({
      name: 'agents.figures.delete-sessions',
      text: 'DELETE FROM agent_analytics.session_figure WHERE project_id = $1 AND session_id = ANY ($2::text[])',
      values: [projectId, ids],
    });
    await tx.query({
      name: 'agents.figures.insert-sessions',
      text: INSERT_SESSIONS,
      values: [projectId, JSON.stringify(sessions.map(sessionColumns))],
    });
  }

  /** Likewise of their turns. */
  async replaceTurns(
    tx: Tx,
    projectId: string,
    sessionIds: readonly string[],
    turns: readonly TurnRow[],
  ): Promise<void> {
    await tx.query({
      name: 'agents.figures.delete-turns',
      text: 'DELETE FROM agent_analytics.turn WHERE project_id = $1 AND session_id = ANY ($2::text[])',
      values: [projectId, sessionIds],
    });
    await tx.query({
      name: 'agents.figures.insert-turns',
      text: INSERT_TURNS,
      values: [projectId, JSON.stringify(turns.map(turnColumns))],
    });
  }
}

type SessionTraceColumns = Omit<SessionTrace, 'at' | 'createdAt' | 'startMs'> & {
  at: Date;
  atText: string;
  createdAt: Date | null;
  createdText: string | null;
};

function sessionColumns({ id, environment, createdAt, figures, firstText, lastText }: SessionRow): object {
  const { first, last, endedMs, ...rest } = figures;
  return {
    ...rest,
    id,
    environment,
    createdAt: createdAt.at,
    createdText: createdAt.text,
    firstAt: first === null ? null : new Date(first.startMs),
    firstText,
    lastAt: last === null ? null : new Date(last.startMs),
    lastText,
    endedAt: endedMs === null ? null : new Date(endedMs),
  };
}

function turnColumns({ startedMs, ...turn }: TurnRow): object {
  return { ...turn, at: new Date(startedMs) };
}

const INSERT_SESSIONS = `
  INSERT INTO agent_analytics.session_figure (project_id, session_id, environment, release, player_id, created_at, created_text, trace_count,
    cost_usd, total_tokens, latency_sum_s, latency_count, mortal, match, compatibility, max_chapter, has_end, is_complete, error_count, first_at, first_text,
    last_at, last_text, ended_at, duration_s, wall_s, engaged_s)
  SELECT $1, id, environment, release, "playerId", "createdAt", "createdText", "traceCount", "costUsd", "totalTokens", "latencySumS",
    "latencyCount", mortal, match, compatibility, "maxChapter", "hasEnd", "isComplete", "errorCount", "firstAt", "firstText", "lastAt", "lastText", "endedAt",
    "durationS", "wallS", "engagedS"
  FROM json_to_recordset($2::json) AS s(id text, environment text, release text, "playerId" text, "createdAt" timestamptz,
    "createdText" text, "traceCount" int, "costUsd" float8, "totalTokens" float8, "latencySumS" float8, "latencyCount" int, mortal text,
    match text, compatibility float8, "maxChapter" int, "hasEnd" boolean, "isComplete" boolean, "errorCount" int, "firstAt" timestamptz, "firstText" text,
    "lastAt" timestamptz, "lastText" text, "endedAt" timestamptz, "durationS" float8, "wallS" float8, "engagedS" float8)`;

const INSERT_TURNS = `
  INSERT INTO agent_analytics.turn (project_id, session_id, ordinal, at, environment, chapter, latency_ms, rest_ms, offered, picked_key,
    cost_usd, total_tokens)
  SELECT $1, "sessionId", ordinal, at, environment, chapter, "latencyMs", "restMs", offered, "pickedKey", "costUsd", "totalTokens"
  FROM json_to_recordset($2::json) AS t("sessionId" text, ordinal int, at timestamptz, environment text, chapter text, "latencyMs" float8,
    "restMs" float8, offered jsonb, "pickedKey" text, "costUsd" float8, "totalTokens" float8)`;
