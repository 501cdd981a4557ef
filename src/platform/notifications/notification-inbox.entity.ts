import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The number of a person's newest notification. Owned by that account, under row-level security; there from the first notification
 * on, deleted with the account. Its row is locked while one is published.
 */
@Entity({ schema: 'platform', name: 'notification_inbox', comment: 'owner=user; erase=notifications' })
export class NotificationInboxEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_notification_inbox' })
  userId: string;

  @Column('bigint', { name: 'last_seq' })
  lastSeq: number;
}
