import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An account on its way out. About one account, without a foreign key since it outlives it; keyed by the account; inserted when it
 * is deleted; goes with the last sweep behind it, minutes after the account.
 */
@Entity({ schema: 'identity', name: 'erasure', comment: 'owner=user; erase=identity' })
export class ErasureEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_erasure' })
  userId: string;

  @Column('timestamptz', { name: 'requested_at', default: () => 'now()' })
  requestedAt: Date;

  /** When the last handler had done its part. */
  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
