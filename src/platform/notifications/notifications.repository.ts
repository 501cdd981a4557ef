import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { Preference } from './channel-kinds.js';
import type { NotificationEntity } from './notification.entity.js';

export type NotificationRow = Omit<NotificationEntity, 'key' | 'isListed'>;
export type NewNotification = Omit<NotificationEntity, 'seq' | 'createdAt' | 'readAt'>;

const COLUMNS = `n.id, n.user_id AS "userId", n.seq, n.topic, n.title, n.body, n.link, n.payload, n.created_at AS "createdAt",
  n.read_at AS "readAt"`;

@Injectable()
export class NotificationsRepository {
  /**
   * Numbers it after all others of the account; whoever publishes to the same account waits here for the commit.
   * @returns false when there is one with the same key already
   */
  async insertNotification(tx: Tx, row: NewNotification): Promise<boolean> {
    const rows = await tx.query({
      name: 'platform.notifications.insert-notification',
      text: `WITH seat AS (
               INSERT INTO platform.notification_inbox AS i (user_id, last_seq) VALUES ($2, 1)
               ON CONFLICT (user_id) DO UPDATE SET last_seq = i.last_seq + 1 RETURNING last_seq)
             INSERT INTO platform.notification (id, user_id, seq, topic, key, title, body, link, payload, is_listed)
             SELECT $1, $2, last_seq, $3, $4, $5, $6, $7, $8::jsonb, $9 FROM seat
             ON CONFLICT (user_id, key) DO NOTHING RETURNING id`,
      values: [
        row.id,
        row.userId,
        row.topic,
        row.key,
        row.title,
        row.body,
        row.link,
        JSON.stringify(row.payload),
        row.isListed,
      ],
    });
    return rows.length === 1;
  }

  /** In the scope of an account, newest first. @param before only older ones than this number */
  listPage(
    tx: Tx,
    page: { before: number | null; isUnreadOnly: boolean; topic: string | null; limit: number },
  ): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>({
      name: 'platform.notifications.list-page',
      text: `SELECT ${COLUMNS} FROM platform.notification n
             WHERE n.is_listed AND ($1::bigint IS NULL OR n.seq < $1) AND (NOT $2 OR n.read_at IS NULL)
               AND ($3::text IS NULL OR n.topic = $3)
             ORDER BY n.seq DESC LIMIT $4`,
      values: [page.before, page.isUnreadOnly, page.topic, page.limit],
    });
  }

  /** In the scope of an account. */
  async countUnread(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'platform.notifications.count-unread',
      text: 'SELECT count(*)::int AS count FROM platform.notification WHERE read_at IS NULL AND is_listed',
      values: [],
    });
    return row?.count ?? 0;
  }

  /** In the scope of an account: these, or all up to a number. @returns how many were unread until now */
  async updateRead(tx: Tx, which: { ids: readonly string[] } | { upToSeq: number }): Promise<number> {
    const [ids, upToSeq] = 'ids' in which ? [which.ids, null] : [null, which.upToSeq];
    const rows = await tx.query({
      name: 'platform.notifications.update-read',
      text: `UPDATE platform.notification SET read_at = now()
             WHERE read_at IS NULL AND is_listed AND (id = ANY ($1::uuid[]) OR seq <= $2) RETURNING 1`,
      values: [ids, upToSeq],
    });
    return rows.length;
  }

  /** In the scope of an account. @param topics null = all */
  listPreferences(tx: Tx, userId: string, topics: readonly string[] | null): Promise<Preference[]> {
    return tx.query<Preference>({
      name: 'platform.notifications.list-preferences',
      text: `SELECT topic, channel, is_enabled AS "isEnabled" FROM platform.notification_preference
             WHERE user_id = $1 AND ($2::text[] IS NULL OR topic = ANY ($2)) ORDER BY topic, channel`,
      values: [userId, topics],
    });
  }

  /** Whatever was said before is forgotten. */
  async replacePreferences(tx: Tx, userId: string, preferences: readonly Preference[]): Promise<void> {
    await tx.query({
      name: 'platform.notifications.delete-preferences',
      text: 'DELETE FROM platform.notification_preference WHERE user_id = $1',
      values: [userId],
    });
    await tx.query({
      name: 'platform.notifications.insert-preferences',
      text: `INSERT INTO platform.notification_preference (user_id, topic, channel, is_enabled)
             SELECT $1, t.topic, t.channel, t.is_enabled
             FROM unnest($2::text[], $3::text[], $4::boolean[]) AS t (topic, channel, is_enabled)`,
      values: [
        userId,
        preferences.map(({ topic }) => topic),
        preferences.map(({ channel }) => channel),
        preferences.map(({ isEnabled }) => isEnabled),
      ],
    });
  }

  /** Numbers of the newest notifications; nobody's row where there is none yet. */
  listHeads(tx: Tx, userIds: readonly string[]): Promise<{ userId: string; lastSeq: number }[]> {
    return tx.query({
      name: 'platform.notifications.list-heads',
      text: `SELECT user_id AS "userId", last_seq AS "lastSeq" FROM platform.notification_inbox WHERE user_id = ANY ($1::uuid[])`,
      values: [userIds],
    });
  }

  /** The next ones of each account after the number given for it, oldest first. */
  listNewer(
    tx: Tx,
    seen: readonly { userId: string; seq: number }[],
    limitEach: number,
  ): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>({
      name: 'platform.notifications.list-newer',
      text: `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::bigint[]) AS w (user_id, seq)
             CROSS JOIN LATERAL (
               SELECT * FROM platform.notification n WHERE n.user_id = w.user_id AND n.seq > w.seq AND n.is_listed
               ORDER BY n.seq LIMIT $3) n
             ORDER BY n.user_id, n.seq`,
      values: [seen.map(({ userId }) => userId), seen.map(({ seq }) => seq), limitEach],
    });
  }

  async deleteBefore(tx: Tx, keptDays: number): Promise<void> {
    await tx.query({
      name: 'platform.notifications.delete-before',
      text: 'DELETE FROM platform.notification WHERE created_at < now() - make_interval(days => $1)',
      values: [keptDays],
    });
  }
}
