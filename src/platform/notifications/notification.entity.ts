import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * Something that an account is told. Owned by that account, under row-level security; keyed by a UUIDv7, once per key of its
 * publisher, and numbered per account; deleted 90 days later or with the account.
 */
@Entity({ schema: 'platform', name: 'notification', comment: 'owner=user; erase=notifications' })
@Unique('uq_notification_key', ['userId', 'key'])
@Unique('uq_notification_seq', ['userId', 'seq'])
@Index('ix_notification_created_at', ['createdAt'])
@Index('ix_notification_unread', ['userId', 'seq'], { where: '((read_at IS NULL) AND is_listed)' })
export class NotificationEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notification' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Grows from one notification of the account to the next, with gaps. */
  @Column('bigint')
  seq: number;

  /** `<domain>.<thing>`: what preferences speak of. */
  @Column('text')
  topic: string;

  /** Its publisher's name for the occasion: the same one is told once. */
  @Column('text')
  key: string;

  @Column('text')
  title: string;

  @Column('text')
  body: string;

  /** Path of this API that has more. */
  @Column('text', { nullable: true })
  link: string | null;

  @Column('jsonb')
  payload: object;

  /** False: the account does not want to see the topic in its list; the row keeps the key. */
  @Column('boolean', { name: 'is_listed' })
  isListed: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'read_at', nullable: true })
  readAt: Date | null;
}
