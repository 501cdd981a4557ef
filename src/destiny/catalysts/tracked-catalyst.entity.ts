import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A catalyst that its owner keeps an eye on, under row-level security; deleted by its owner. */
@Entity({ schema: 'destiny', name: 'tracked_catalyst', comment: 'owner=user; erase=destiny-profiles' })
export class TrackedCatalystEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_tracked_catalyst' })
  userId: string;

  @PrimaryColumn('bigint', { name: 'record_hash', primaryKeyConstraintName: 'pk_tracked_catalyst' })
  recordHash: number;

  @Column('timestamptz', { name: 'tracked_at', default: () => 'now()' })
  trackedAt: Date;
}
