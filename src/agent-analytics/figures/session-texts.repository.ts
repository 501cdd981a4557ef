import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { SessionText } from './session-text.js';

export interface SessionTextRow extends SessionText {
  id: string;
}

/** Texts that sessions are found by; for the system role. */
@Injectable()
export class SessionTextsRepository {
  /** Puts these in the place of what the sessions had. What is the same is not written again: its words are in an index. */
  async replaceTexts(
    tx: Tx,
    projectId: string,
    ids: readonly string[],
    texts: readonly SessionTextRow[],
  ): Promise<void> {
    await tx.query({
      name: 'agents.session-texts.delete',
      text: `DELETE FROM agent_analytics.session_text WHERE project_id = $1 AND session_id = ANY ($2::text[]) AND session_id <> ALL ($3::text[])`,
      values: [projectId, ids, texts.map(({ id }) => id)],
    });
    await tx.query({
      name: 'agents.session-texts.upsert',
      text: `INSERT INTO agent_analytics.session_text AS t (project_id, session_id, words, names, lines, first_at)
             SELECT $1, id, words, names, lines, to_timestamp("firstMs" / 1000)
             FROM json_to_recordset($2::json) AS u(id text, words tsvector, names tsvector, lines json, "firstMs" float8)
             ON CONFLICT (project_id, session_id) DO UPDATE SET words = excluded.words, names = excluded.names, lines = excluded.lines,
               first_at = excluded.first_at
             WHERE (t.words, t.names, t.lines::text) IS DISTINCT FROM (excluded.words, excluded.names, excluded.lines::text)`,
      values: [projectId, JSON.stringify(texts)],
    });
  }

  /** Lines of sessions whose first one is older; the names stay. What a rebuild has in hand is left for the next time. @returns how many sessions, at most `limit` */
  async dropLinesBefore(tx: Tx, before: string, limit: number): Promise<number> {
    const rows = await tx.query({
      name: 'agents.session-texts.drop-lines-before',
      text: `UPDATE agent_analytics.session_text SET words = names, lines = '[]', first_at = NULL
             WHERE (project_id, session_id) IN (
               SELECT project_id, session_id FROM agent_analytics.session_text
               WHERE first_at < $1::date::timestamp AT TIME ZONE 'UTC' LIMIT $2
               FOR UPDATE SKIP LOCKED)
             RETURNING 1`,
      values: [before, limit],
    });
    return rows.length;
  }
}
