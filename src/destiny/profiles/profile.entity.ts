import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../link/membership.entity.js';
import type { CharacterSnapshot, ComponentState } from '../bungie/profile-snapshot.js';

/**
 * What was last read of a membership, and when Bungie made it. Owned by the membership's account, under row-level security; keyed by
 * the membership; deleted with it.
 */
@Entity({ schema: 'destiny', name: 'profile', comment: 'owner=user; erase=destiny-profiles' })
@Check(
  'ck_profile_records_state',
  `records_state = ANY (ARRAY['present'::text, 'private'::text, 'absent'::text])`,
)
@Check(
  'ck_profile_inventory_state',
  `inventory_state = ANY (ARRAY['present'::text, 'private'::text, 'absent'::text])`,
)
@Index('ix_profile_user', ['userId'])
@Index('ix_profile_due_at', ['dueAt'])
export class ProfileEntity {
  @PrimaryColumn('uuid', { name: 'membership_id', primaryKeyConstraintName: 'pk_profile' })
  @ForeignKey(() => MembershipEntity, { name: 'fk_profile_membership', onDelete: 'CASCADE' })
  membershipId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Of the components of profile, characters and items; null = never read. */
  @Column('timestamptz', { name: 'minted_at', nullable: true })
  mintedAt: Date | null;

  /** Of the records that are stored, which come from another cache. */
  @Column('timestamptz', { name: 'records_minted_at', nullable: true })
  recordsMintedAt: Date | null;

  @Column('text', { name: 'records_state', default: 'absent' })
  recordsState: ComponentState;

  @Column('text', { name: 'inventory_state', default: 'absent' })
  inventoryState: ComponentState;

  @Column('timestamptz', { name: 'last_played_at', nullable: true })
  lastPlayedAt: Date | null;

  /** Of all characters, those included that were deleted since they were first seen. */
  @Column('integer', { name: 'minutes_played', default: 0 })
  minutesPlayed: number;

  @Column('jsonb', { default: [] })
  characters: CharacterSnapshot[];

  /** Moves when a catalyst stands otherwise than before. */
  @Column('integer', { name: 'catalysts_version', default: 0 })
  catalystsVersion: number;

  /** Likewise of weapons. */
  @Column('integer', { name: 'weapons_version', default: 0 })
  weaponsVersion: number;

  /** When its owner last asked for a fresh copy. */
  @Column('timestamptz', { name: 'requested_at', nullable: true })
  requestedAt: Date | null;

  /** When the platform reads it next by itself. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt: Date;
}
