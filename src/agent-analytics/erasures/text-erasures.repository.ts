import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { EXCEPTION_PATTERN, STATUS_PATTERN, UNKNOWN_ERROR } from '../figures/error-types.js';

/** SHA-256 of project and id in hexadecimal, of the id that an expression gives. */
const PLAYER_KEY = (id: string): string =>
  `encode(sha256(convert_to($1::text || E'\\n' || (${id}), 'UTF8')), 'hex')`;
const IS_ERASED_PLAYER = (id: string): string =>
  `EXISTS (SELECT FROM agent_analytics.text_erasure e WHERE (e.project_id, e.kind, e.key) = ($1, 'player', ${PLAYER_KEY(id)}))`;
const IS_ERASED_SESSION = (id: string): string =>
  `EXISTS (SELECT FROM agent_analytics.text_erasure e WHERE (e.project_id, e.kind, e.key) = ($1, 'session', ${id}))`;
/** Traces by a condition on what their raw rows say, whether those are gone upstream or not: their texts are still here. */
const TRACES_WHERE = (ofTrace: string, ofObservation: string): string => `
  SELECT t.id FROM agent_analytics.trace t WHERE t.project_id = $1 AND ${ofTrace}
  UNION SELECT o.trace_id FROM agent_analytics.observation o
  WHERE o.project_id = $1 AND o.trace_id IS NOT NULL AND o.trace_context IS NOT NULL AND ${ofObservation}`;

/** Takes texts out of raw and derived rows, and remembers whose; for the system role. */
@Injectable()
export class TextErasuresRepository {
  /** Shared by pages that are stored, exclusive for an erasure: neither misses what the other one writes. */
  async lock(tx: Tx, projectId: string, mode: 'shared' | 'exclusive'): Promise<void> {
    await tx.query({
      name: `agents.text-erasures.lock-${mode}`,
      text: `SELECT pg_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}($1, hashtext($2))`,
      values: [ADVISORY_LOCK.agentErasures, projectId],
    });
  }

  /** Whoever waits for a lock from here on to the end of the transaction fails with 55P03 after so long. */
  async setPatience(tx: Tx, timeoutMs: number): Promise<void> {
    await tx.query({
      name: 'agents.text-erasures.set-patience',
      text: `SELECT set_config('lock_timeout', $1, true)`,
      values: [String(timeoutMs)],
    });
  }

  /** Waits for a rebuild, which may have read what is about to be erased. Taken after `lock`, never before it. */
  async lockFigures(tx: Tx, projectId: string): Promise<void> {
    await tx.query({
      name: 'agents.text-erasures.lock-figures',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [ADVISORY_LOCK.agentFigures, projectId],
    });
  }

  async hasAny(tx: Tx, projectId: string): Promise<boolean> {
    const [row] = await tx.query<{ has: boolean }>({
      name: 'agents.text-erasures.has-any',
      text: 'SELECT EXISTS (SELECT FROM agent_analytics.text_erasure WHERE project_id = $1) AS has',
      values: [projectId],
    });
    return row!.has;
  }

  /** @returns the digest by which the player is known from now on, and whether it was already */
  async insertPlayer(tx: Tx, projectId: string, playerId: string): Promise<{ key: string; isNew: boolean }> {
    const [row] = await tx.query<{ key: string; isNew: boolean }>({
      name: 'agents.text-erasures.insert-player',
      text: `WITH known AS (SELECT ${PLAYER_KEY('$2::text')} AS key), added AS (
               INSERT INTO agent_analytics.text_erasure (project_id, kind, key) SELECT $1, 'player', key FROM known
               ON CONFLICT DO NOTHING RETURNING key
             ) SELECT key, EXISTS (SELECT FROM added) AS "isNew" FROM known`,
      values: [projectId, playerId],
    });
    return row!;
  }

  /** @returns those that were not erased before */
  async insertKeys(
    tx: Tx,
    projectId: string,
    kind: 'session' | 'trace',
    keys: readonly string[],
  ): Promise<string[]> {
    const rows = await tx.query<{ key: string }>({
      name: `agents.text-erasures.insert-${kind}`,
      text: `INSERT INTO agent_analytics.text_erasure (project_id, kind, key) SELECT $1, '${kind}', key FROM unnest($2::text[]) AS k(key)
             ON CONFLICT DO NOTHING RETURNING key`,
      values: [projectId, keys],
    });
    return rows.map(({ key }) => key);
  }

  async listTracesOfSessions(tx: Tx, projectId: string, sessionIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.text-erasures.list-traces-of-sessions',
      text: TRACES_WHERE(
        't.session_id = ANY ($2::text[])',
        "o.trace_context ->> 'sessionId' = ANY ($2::text[])",
      ),
      values: [projectId, sessionIds],
    });
    return rows.map(({ id }) => id);
  }

  async listTracesOfPlayer(tx: Tx, projectId: string, playerId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.text-erasures.list-traces-of-player',
      text: TRACES_WHERE('t.player_id = $2', "o.trace_context ->> 'userId' = $2"),
      values: [projectId, playerId],
    });
    return rows.map(({ id }) => id);
  }

  async listSessionsOfTraces(tx: Tx, projectId: string, traceIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.text-erasures.list-sessions-of-traces',
      text: `SELECT DISTINCT id FROM (
               SELECT session_id AS id FROM agent_analytics.trace WHERE project_id = $1 AND id = ANY ($2::text[])
               UNION SELECT trace_context ->> 'sessionId' FROM agent_analytics.observation
               WHERE project_id = $1 AND trace_id = ANY ($2::text[]) AND trace_context IS NOT NULL
             ) s WHERE id IS NOT NULL`,
      values: [projectId, traceIds],
    });
    return rows.map(({ id }) => id);
  }

  /** Those that derived rows still tell the traces in; a trace may have moved since they were made. */
  async listFiguredSessions(tx: Tx, projectId: string, traceIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.text-erasures.list-figured-sessions',
      text: `SELECT DISTINCT session_id AS id FROM agent_analytics.trace_figure
             WHERE project_id = $1 AND trace_id = ANY ($2::text[]) AND session_id IS NOT NULL`,
      values: [projectId, traceIds],
    });
    return rows.map(({ id }) => id);
  }

  /** The traces that rows of a page belong to. */
  async listTracesOfRows(
    tx: Tx,
    projectId: string,
    table: 'observation' | 'score',
    ids: readonly string[],
  ): Promise<string[]> {
    const trace =
      table === 'observation'
        ? 'trace_id'
        : `coalesce(trace_id, CASE subject_kind WHEN 'observation' THEN (
             SELECT o.trace_id FROM agent_analytics.observation o WHERE o.project_id = $1 AND o.id = subject_id) END)`;
    const rows = await tx.query<{ id: string }>({
      name: `agents.text-erasures.list-traces-of-${table}s`,
      text: `SELECT DISTINCT id FROM (
               SELECT ${trace} AS id FROM agent_analytics.${table} WHERE project_id = $1 AND id = ANY ($2::text[])
             ) t WHERE id IS NOT NULL`,
      values: [projectId, ids],
    });
    return rows.map(({ id }) => id);
  }

  /** Of these traces those that are erased themselves, or whose session or player is, by whichever row says so. */
  async listErasedTraces(tx: Tx, projectId: string, traceIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'agents.text-erasures.list-erased-traces',
      text: `SELECT key AS id FROM agent_analytics.text_erasure WHERE project_id = $1 AND kind = 'trace' AND key = ANY ($2::text[])
             UNION SELECT t.id FROM agent_analytics.trace t
             WHERE t.project_id = $1 AND t.id = ANY ($2::text[])
               AND (${IS_ERASED_SESSION('t.session_id')} OR ${IS_ERASED_PLAYER('t.player_id')})
             UNION SELECT o.trace_id FROM agent_analytics.observation o
             WHERE o.project_id = $1 AND o.trace_id = ANY ($2::text[]) AND o.trace_context IS NOT NULL
               AND (${IS_ERASED_SESSION("o.trace_context ->> 'sessionId'")} OR ${IS_ERASED_PLAYER("o.trace_context ->> 'userId'")})`,
      values: [projectId, traceIds],
    });
    return rows.map(({ id }) => id);
  }

  /**
   * Takes the texts out of traces: what was sent and answered, with its metadata; of faults all but their class; of scores what people
   * wrote. The ids of erased players go too. @returns how many texts there were
   */
  async wipeTraces(tx: Tx, projectId: string, traceIds: readonly string[]): Promise<number> {
    const values = [projectId, traceIds];
    const run = (name: string, text: string): Promise<object[]> =>
      tx.query({ name: `agents.text-erasures.wipe-${name}`, text, values });
    const gone = await run(
      'payloads',
      `DELETE FROM agent_analytics.payload p USING (
         SELECT 'trace' AS kind, unnest($2::text[]) AS id
         UNION ALL SELECT 'observation', id FROM agent_analytics.observation WHERE project_id = $1 AND trace_id = ANY ($2::text[])
       ) own WHERE p.project_id = $1 AND p.kind = own.kind AND p.id = own.id RETURNING 1`,
    );
    await run(
      'observations',
      `UPDATE agent_analytics.observation o SET status_message = ${FAULT_CLASS},
         trace_context = CASE WHEN ${IS_ERASED_PLAYER("o.trace_context ->> 'userId'")} THEN o.trace_context || '{"userId": null}'
           ELSE o.trace_context END
       WHERE o.project_id = $1 AND o.trace_id = ANY ($2::text[])
         AND (o.status_message IS DISTINCT FROM ${FAULT_CLASS} OR ${IS_ERASED_PLAYER("o.trace_context ->> 'userId'")})`,
    );
    await run(
      'choices',
      `UPDATE agent_analytics.observation SET choices = NULL
       WHERE project_id = $1 AND trace_id = ANY ($2::text[]) AND choices IS NOT NULL`,
    );
    await run(
      'traces',
      `UPDATE agent_analytics.trace t SET player_id = NULL
       WHERE t.project_id = $1 AND t.id = ANY ($2::text[]) AND ${IS_ERASED_PLAYER('t.player_id')}`,
    );
    await run(
      'scores',
      `UPDATE agent_analytics.score s SET ${WIPED_SCORE} WHERE s.project_id = $1 AND ${HAS_WORDS} AND s.id IN (
         SELECT id FROM agent_analytics.score WHERE project_id = $1 AND trace_id = ANY ($2::text[])
         UNION SELECT c.id FROM agent_analytics.observation o
         JOIN agent_analytics.score c ON c.project_id = $1 AND c.subject_kind = 'observation' AND c.subject_id = o.id
         WHERE o.project_id = $1 AND o.trace_id = ANY ($2::text[]))`,
    );
    return gone.length;
  }

  /** What people wrote of erased sessions. @param ids of scores; null = all of them */
  async wipeSessionScores(tx: Tx, projectId: string, ids: readonly string[] | null): Promise<void> {
    await tx.query({
      name: 'agents.text-erasures.wipe-session-scores',
      isPlannedAnew: true,
      text: `UPDATE agent_analytics.score s SET ${WIPED_SCORE} WHERE s.project_id = $1 AND ${HAS_WORDS}
               AND s.subject_kind = 'session' AND ($2::text[] IS NULL OR s.id = ANY ($2)) AND ${IS_ERASED_SESSION('s.subject_id')}`,
      values: [projectId, ids],
    });
  }

  /** What is derived, at once, and marks it for the next rebuild. No rebuild may be under way: it may have read the texts. */
  async wipeDerived(
    tx: Tx,
    projectId: string,
    traceIds: readonly string[],
    sessionIds: readonly string[],
    isPlayer: boolean,
  ): Promise<void> {
    const run = (name: string, text: string, keys: readonly string[]): Promise<object[]> =>
      tx.query({ name: `agents.text-erasures.${name}`, text, values: [projectId, keys] });
    await run(
      'wipe-runs',
      `UPDATE agent_analytics.agent_run SET error_type = '${UNKNOWN_ERROR}'
       WHERE project_id = $1 AND trace_id = ANY ($2::text[]) AND error_type <> '${UNKNOWN_ERROR}' AND NOT ${IS_FAULT_CLASS}`,
      traceIds,
    );
    await run(
      'wipe-session-texts',
      `UPDATE agent_analytics.session_text SET words = names, lines = '[]', first_at = NULL
       WHERE project_id = $1 AND session_id = ANY ($2::text[])`,
      sessionIds,
    );
    await run(
      'wipe-turns',
      `UPDATE agent_analytics.turn SET offered = '[]', picked_key = NULL
       WHERE project_id = $1 AND session_id = ANY ($2::text[]) AND (offered <> '[]' OR picked_key IS NOT NULL)`,
      sessionIds,
    );
    if (isPlayer) {
      await run(
        'wipe-trace-figures',
        `UPDATE agent_analytics.trace_figure SET player_id = NULL WHERE project_id = $1 AND trace_id = ANY ($2::text[])`,
        traceIds,
      );
      await run(
        'wipe-session-figures',
        `UPDATE agent_analytics.session_figure SET player_id = NULL WHERE project_id = $1 AND session_id = ANY ($2::text[])`,
        sessionIds,
      );
    }
    await run(
      'mark-traces',
      `INSERT INTO agent_analytics.dirty_trace (project_id, trace_id) SELECT $1, unnest($2::text[])`,
      traceIds,
    );
    await run(
      'mark-sessions',
      `INSERT INTO agent_analytics.dirty_session (project_id, session_id) SELECT $1, unnest($2::text[])`,
      sessionIds,
    );
  }
}

/** `RateLimitError` of `RateLimitError: the model said ...`, `HTTP 503` of `Upstream answered with status 503`. */
const FAULT_CLASS = `coalesce(substring(o.status_message FROM '${EXCEPTION_PATTERN}'),
  'HTTP ' || substring(o.status_message FROM '(?i)${STATUS_PATTERN}'))`;
/** Of a type that was made of a message: the message says no more than that. */
const IS_FAULT_CLASS = `(error_type ~ '${EXCEPTION_PATTERN}$' OR error_type ~ '^HTTP [45]\\d\\d$')`;
/** Labels and numbers are figures; what somebody wrote is not. */
const WIPED_SCORE = `comment = NULL, text_value = CASE WHEN data_type IN ('TEXT', 'CORRECTION') THEN NULL ELSE text_value END`;
const HAS_WORDS = `(s.comment IS NOT NULL OR (s.text_value IS NOT NULL AND s.data_type IN ('TEXT', 'CORRECTION')))`;
