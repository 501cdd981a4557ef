import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { AgentRunEntity } from './agent-run.entity.js';
import type { MessageEntity } from './message.entity.js';

export type MessageRow = MessageEntity;
export type RunRow = AgentRunEntity;
export type NewMessage = Omit<MessageRow, 'createdAt'>;

const MESSAGE = `id, user_id AS "userId", conversation_id AS "conversationId", order_index AS "orderIndex", role, content,
  tool_calls AS "toolCalls", cards, token_count AS "tokenCount", model, mode, latency_ms AS "latencyMs", status,
  client_message_id AS "clientMessageId", created_at AS "createdAt"`;
const RUN = `id, user_id AS "userId", conversation_id AS "conversationId", question_id AS "questionId", answer_id AS "answerId", state,
  mode, prompt_version AS "promptVersion", round_count AS "roundCount", error_code AS "errorCode", started_at AS "startedAt",
  ended_at AS "endedAt"`;

/** Messages and the runs that answer them, in the scope of an account. */
@Injectable()
export class MessagesRepository {
  /** In one statement; their places must be free, which the lock of the conversation's row sees to. */
  insertMessages(tx: Tx, rows: readonly NewMessage[]): Promise<MessageRow[]> {
    return tx.query<MessageRow>({
      name: 'destiny.messages.insert-messages',
      text: `INSERT INTO destiny.message (id, user_id, conversation_id, order_index, role, content, tool_calls, cards, token_count,
               model, mode, latency_ms, status, client_message_id)
             SELECT id, "userId", "conversationId", "orderIndex", role, content, "toolCalls", cards, "tokenCount", model, mode,
               "latencyMs", status, "clientMessageId"
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, "userId" uuid, "conversationId" uuid, "orderIndex" int, role text,
               content text, "toolCalls" jsonb, cards jsonb, "tokenCount" int, model text, mode text, "latencyMs" int, status text,
               "clientMessageId" text)
             ORDER BY "orderIndex" RETURNING ${MESSAGE}`,
      values: [JSON.stringify(rows)],
    });
  }

  /** From the oldest on. @param after only those behind this order_index */
  pageStatement(conversationId: string, after: number | null, limit: number): Statement {
    return {
      name: 'destiny.messages.list-page',
      text: `SELECT ${MESSAGE} FROM destiny.message WHERE conversation_id = $1 AND order_index > coalesce($2::int, -1)
             ORDER BY order_index LIMIT $3`,
      values: [conversationId, after, limit],
    };
  }

  /** What was said last before a place, oldest first; tools' answers and what has failed left out. */
  async listRecent(tx: Tx, conversationId: string, before: number, limit: number): Promise<MessageRow[]> {
    const rows = await tx.query<MessageRow>({
      name: 'destiny.messages.list-recent',
      text: `SELECT ${MESSAGE} FROM destiny.message
             WHERE conversation_id = $1 AND order_index < $2 AND role <> 'tool' AND status = 'complete'
             ORDER BY order_index DESC LIMIT $3`,
      values: [conversationId, before, limit],
    });
    return rows.reverse();
  }

  async findByClientId(tx: Tx, conversationId: string, clientMessageId: string): Promise<MessageRow | null> {
    const [row] = await tx.query<MessageRow>({
      name: 'destiny.messages.find-by-client-id',
      text: `SELECT ${MESSAGE} FROM destiny.message WHERE conversation_id = $1 AND client_message_id = $2`,
      values: [conversationId, clientMessageId],
    });
    return row ?? null;
  }

  async getMessage(tx: Tx, id: string): Promise<MessageRow> {
    const [row] = await tx.query<MessageRow>({
      name: 'destiny.messages.get-message',
      text: `SELECT ${MESSAGE} FROM destiny.message WHERE id = $1`,
      values: [id],
    });
    if (row === undefined) throw new Error('A message vanished while its conversation was locked');
    return row;
  }

  async insertRun(
    tx: Tx,
    row: Pick<RunRow, 'id' | 'userId' | 'conversationId' | 'questionId'>,
  ): Promise<RunRow> {
    const [made] = await tx.query<RunRow>({
      name: 'destiny.messages.insert-run',
      text: `INSERT INTO destiny.agent_run (id, user_id, conversation_id, question_id) VALUES ($1, $2, $3, $4) RETURNING ${RUN}`,
      values: [row.id, row.userId, row.conversationId, row.questionId],
    });
    return made!;
  }

  findRunStatement(id: string): Statement {
    return {
      name: 'destiny.messages.find-run',
      text: `SELECT ${RUN} FROM destiny.agent_run WHERE id = $1`,
      values: [id],
    };
  }

  async findRunOf(tx: Tx, questionId: string): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>({
      name: 'destiny.messages.find-run-of',
      text: `SELECT ${RUN} FROM destiny.agent_run WHERE question_id = $1`,
      values: [questionId],
    });
    return row ?? null;
  }

  /** Of all conversations of the account. */
  listRunning(tx: Tx): Promise<RunRow[]> {
    return tx.query<RunRow>({
      name: 'destiny.messages.list-running',
      text: `SELECT ${RUN} FROM destiny.agent_run WHERE state = 'running' ORDER BY id`,
      values: [],
    });
  }

  /** By compare-and-set: only one that is running ends. @returns null where it had ended before */
  async endRun(
    tx: Tx,
    id: string,
    end: Pick<RunRow, 'state' | 'answerId' | 'mode' | 'promptVersion' | 'roundCount' | 'errorCode'>,
  ): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>({
      name: 'destiny.messages.end-run',
      text: `UPDATE destiny.agent_run SET state = $2, answer_id = $3, mode = $4, prompt_version = $5, round_count = $6, error_code = $7,
               ended_at = clock_timestamp() WHERE id = $1 AND state = 'running' RETURNING ${RUN}`,
      values: [id, end.state, end.answerId, end.mode, end.promptVersion, end.roundCount, end.errorCode],
    });
    return row ?? null;
  }

  /** What was worked out for a run that somebody has cancelled. */
  async updateAnswer(tx: Tx, id: string, answerId: string): Promise<void> {
    await tx.query({
      name: 'destiny.messages.update-answer',
      text: 'UPDATE destiny.agent_run SET answer_id = $2 WHERE id = $1 AND answer_id IS NULL',
      values: [id, answerId],
    });
  }
}
