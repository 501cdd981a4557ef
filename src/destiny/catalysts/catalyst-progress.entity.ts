import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../link/membership.entity.js';

/**
 * One move of one objective: where it stood from then on. Owned by the membership's account, under row-level security; keyed by objective and
 * Bungie's time; deleted with the membership.
 */
@Entity({ schema: 'destiny', name: 'catalyst_progress', comment: 'owner=user; erase=destiny-profiles' })
@Index('ix_catalyst_progress_user', ['userId'])
@Index('ix_catalyst_progress_minted_at', ['membershipId', 'mintedAt'])
export class CatalystProgressEntity {
  @PrimaryColumn('uuid', { name: 'membership_id', primaryKeyConstraintName: 'pk_catalyst_progress' })
  @ForeignKey(() => MembershipEntity, { name: 'fk_catalyst_progress_membership', onDelete: 'CASCADE' })
  membershipId: string;

  @PrimaryColumn('bigint', { name: 'record_hash', primaryKeyConstraintName: 'pk_catalyst_progress' })
  recordHash: number;

  @PrimaryColumn('bigint', { name: 'objective_hash', primaryKeyConstraintName: 'pk_catalyst_progress' })
  objectiveHash: number;

  @PrimaryColumn('timestamptz', { name: 'minted_at', primaryKeyConstraintName: 'pk_catalyst_progress' })
  mintedAt: Date;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Not above the target. */
  @Column('integer')
  progress: number;

  @Column('integer')
  target: number;

  @Column('boolean', { name: 'is_complete' })
  isComplete: boolean;

  /** Of all characters by then. */
  @Column('integer', { name: 'minutes_played' })
  minutesPlayed: number;
}
