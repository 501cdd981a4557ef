import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { utcText } from '../profiles/profiles.repository.js';

export interface MessageRow {
  id: string;
  profileId: string;
  authorName: string;
  content: string;
  createdAtUtc: string;
  updatedAtUtc: string;
  /** Of the one in whose scope it was read. */
  isOwn: boolean;
  /** Written or read by the reader's profile; null without one. */
  isRead: boolean | null;
}

export interface MessagesFilter {
  /** Messages of this profile only. */
  authorId: string | null;
  /** One of the reader's profiles, for `isRead`. */
  readerProfileId: string | null;
  /** Id of the last message of the page before. */
  before: string | null;
  limit: number;
  offset: number;
}

const COLUMNS = `m.id, m.profile_id AS "profileId", m.author_name AS "authorName", m.content,
  ${utcText('m.created_at')} AS "createdAtUtc", ${utcText('m.updated_at')} AS "updatedAtUtc", m.user_id = $1::uuid AS "isOwn"`;

/** What others have said and the profile has not read. */
const UNREAD = `m.game_id = $1 AND ($2::uuid IS NULL OR m.profile_id <> $2)
  AND NOT EXISTS (SELECT FROM market.message_read r WHERE r.profile_id = $2 AND r.message_id = m.id)`;

/** Messages are seen by all; written and marked by the one in whose scope it is called. */
@Injectable()
export class MessagesRepository {
  /** Newest first. @param readerId whose scope it is */
  pageStatement(readerId: string, gameId: number, filter: MessagesFilter): Statement {
    return {
      name: 'market.messages.list-page',
      text: `SELECT ${COLUMNS},
               CASE WHEN $4::uuid IS NULL THEN NULL
                    ELSE m.profile_id = $4 OR EXISTS (
                      SELECT FROM market.message_read r WHERE r.profile_id = $4 AND r.message_id = m.id) END AS "isRead"
             FROM market.message m
             WHERE m.game_id = $2 AND ($3::uuid IS NULL OR m.profile_id = $3) AND ($5::uuid IS NULL OR m.id < $5)
             ORDER BY m.id DESC LIMIT $6 OFFSET $7`,
      values: [
        readerId,
        gameId,
        filter.authorId,
        filter.readerProfileId,
        filter.before,
        filter.limit,
        filter.offset,
      ],
    };
  }

  async findMessage(tx: Tx, readerId: string, gameId: number, id: string): Promise<MessageRow | null> {
    const [row] = await tx.query<MessageRow>({
      name: 'market.messages.find-message',
      text: `SELECT ${COLUMNS}, NULL::boolean AS "isRead" FROM market.message m WHERE m.game_id = $2 AND m.id = $3`,
      values: [readerId, gameId, id],
    });
    return row ?? null;
  }

  async insertMessage(
    tx: Tx,
    message: {
      id: string;
      userId: string;
      gameId: number;
      profileId: string;
      authorName: string;
      content: string;
    },
  ): Promise<MessageRow> {
    const { userId, id, gameId, profileId, authorName, content } = message;
    const [row] = await tx.query<MessageRow>({
      name: 'market.messages.insert-message',
      text: `INSERT INTO market.message AS m (user_id, id, game_id, profile_id, author_name, content)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}, NULL::boolean AS "isRead"`,
      values: [userId, id, gameId, profileId, authorName, content],
    });
    return row!;
  }

  /** @returns null when it is gone */
  async updateContent(tx: Tx, ownerId: string, id: string, content: string): Promise<MessageRow | null> {
    const [row] = await tx.query<MessageRow>({
      name: 'market.messages.update-content',
      text: `UPDATE market.message m SET content = $3, updated_at = now() WHERE m.user_id = $1::uuid AND m.id = $2
             RETURNING ${COLUMNS}, NULL::boolean AS "isRead"`,
      values: [ownerId, id, content],
    });
    return row ?? null;
  }

  async deleteMessage(tx: Tx, ownerId: string, id: string): Promise<void> {
    await tx.query({
      name: 'market.messages.delete-message',
      text: 'DELETE FROM market.message WHERE user_id = $1::uuid AND id = $2',
      values: [ownerId, id],
    });
  }

  /** @param profileId null for nobody's, who has read nothing */
  async countUnread(tx: Tx, gameId: number, profileId: string | null): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.messages.count-unread',
      text: `SELECT count(*) FROM market.message m WHERE ${UNREAD}`,
      values: [gameId, profileId],
    });
    return row!.count;
  }

  /** Messages by others. */
  async countOthers(tx: Tx, gameId: number, profileId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.messages.count-others',
      text: 'SELECT count(*) FROM market.message m WHERE m.game_id = $1 AND m.profile_id <> $2',
      values: [gameId, profileId],
    });
    return row!.count;
  }

  /** @param ids null for all @returns how many were unread */
  async markRead(
    tx: Tx,
    reader: { userId: string; profileId: string },
    gameId: number,
    ids: readonly string[] | null,
  ): Promise<number> {
    const rows = await tx.query({
      name: 'market.messages.mark-read',
      text: `INSERT INTO market.message_read (user_id, profile_id, message_id)
             SELECT $3, $2, m.id FROM market.message m WHERE ${UNREAD} AND ($4::uuid[] IS NULL OR m.id = ANY ($4))
             ON CONFLICT ON CONSTRAINT pk_message_read DO NOTHING RETURNING 1`,
      values: [gameId, reader.profileId, reader.userId, ids],
    });
    return rows.length;
  }
}
