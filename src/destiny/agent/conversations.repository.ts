import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ConversationEntity } from './conversation.entity.js';

export type ConversationRow = ConversationEntity;
export type ConversationChange = Pick<ConversationRow, 'title' | 'isNamed' | 'isArchived' | 'persona'>;

/** The place of a row in the list: whole milliseconds, and its id. */
export type ConversationPlace = readonly [updatedAtMs: number, id: string];

const COLUMNS = `id, user_id AS "userId", title, is_named AS "isNamed", is_archived AS "isArchived", persona,
  message_count AS "messageCount", version, created_at AS "createdAt", updated_at AS "updatedAt"`;
const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/** In the scope of an account: row-level security shows its own rows and no others. */
@Injectable()
export class ConversationsRepository {
  /** Until the end of the transaction nobody else adds a conversation or a run to the account. */
  async lockAccount(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'destiny.conversations.lock-account',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.destinyConversations}, hashtext($1))`,
      values: [userId],
    });
  }

  async countConversations(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'destiny.conversations.count-conversations',
      text: 'SELECT count(*)::int AS count FROM destiny.conversation',
      values: [],
    });
    return row?.count ?? 0;
  }

  async insertConversation(
    tx: Tx,
    row: Pick<ConversationRow, 'id' | 'userId' | 'title' | 'isNamed' | 'persona'>,
  ): Promise<ConversationRow> {
    const [made] = await tx.query<ConversationRow>({
      name: 'destiny.conversations.insert-conversation',
      text: `INSERT INTO destiny.conversation (id, user_id, title, is_named, persona) VALUES ($1, $2, $3, $4, $5)
             RETURNING ${COLUMNS}`,
      values: [row.id, row.userId, row.title, row.isNamed, row.persona],
    });
    return made!;
  }

  /** Newest update first. @param before only those after this place in the list */
  pageStatement(isArchived: boolean | null, before: ConversationPlace | null, limit: number): Statement {
    return {
      name: 'destiny.conversations.list-page',
      text: `SELECT ${COLUMNS} FROM destiny.conversation
             WHERE ($1::boolean IS NULL OR is_archived = $1)
               AND ($2::bigint IS NULL OR (updated_at, id) < (to_timestamp($2::bigint / 1000.0), $3::uuid))
             ORDER BY updated_at DESC, id DESC LIMIT $4`,
      values: [isArchived, before?.[0] ?? null, before?.[1] ?? null, limit],
      isPlannedAnew: true,
    };
  }

  findStatement(id: string): Statement {
    return {
      name: 'destiny.conversations.find-conversation',
      text: `SELECT ${COLUMNS} FROM destiny.conversation WHERE id = $1`,
      values: [id],
    };
  }

  async lockConversation(tx: Tx, id: string): Promise<ConversationRow | null> {
    const [row] = await tx.query<ConversationRow>({
      name: 'destiny.conversations.lock-conversation',
      text: `SELECT ${COLUMNS} FROM destiny.conversation WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  async updateConversation(tx: Tx, id: string, change: ConversationChange): Promise<ConversationRow> {
    const [row] = await tx.query<ConversationRow>({
      name: 'destiny.conversations.update-conversation',
      text: `UPDATE destiny.conversation SET title = $2, is_named = $3, is_archived = $4, persona = $5, version = version + 1,
               updated_at = ${NOW} WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id, change.title, change.isNamed, change.isArchived, change.persona],
    });
    return row!;
  }

  /** Where it has messages: the next one's place. @param title for one that has none yet; null leaves it */
  async updateMessageCount(tx: Tx, id: string, messageCount: number, title: string | null): Promise<void> {
    await tx.query({
      name: 'destiny.conversations.update-message-count',
      text: `UPDATE destiny.conversation SET message_count = $2, updated_at = ${NOW},
               version = version + CASE WHEN title IS NULL AND $3::text IS NOT NULL THEN 1 ELSE 0 END, title = coalesce(title, $3)
             WHERE id = $1`,
      values: [id, messageCount, title],
    });
  }

  /** A title that somebody has given stays. */
  async updateMadeTitle(tx: Tx, id: string, title: string): Promise<void> {
    await tx.query({
      name: 'destiny.conversations.update-made-title',
      text: `UPDATE destiny.conversation SET title = $2, version = version + 1 WHERE id = $1 AND NOT is_named`,
      values: [id, title],
    });
  }

  async deleteConversation(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'destiny.conversations.delete-conversation',
      text: 'DELETE FROM destiny.conversation WHERE id = $1',
      values: [id],
    });
  }
}
