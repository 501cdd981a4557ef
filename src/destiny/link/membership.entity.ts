import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A player's account on one platform, as Bungie has named it. Owned by the account here that is connected, under row-level security; keyed
 * by a UUIDv7, once per account, platform and id. One that Bungie no longer names stays, since a player's history hangs on it; all go
 * with the link, and what hangs on them with them.
 */
@Entity({ schema: 'destiny', name: 'membership', comment: 'owner=user; erase=destiny-link' })
@Unique('uq_membership_user_key', ['userId', 'membershipType', 'membershipId'])
@Unique('uq_membership_user_id', ['userId', 'id'])
@Index('ux_membership_active', ['userId'], { unique: true, where: 'is_active' })
export class MembershipEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_membership' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Bungie's number of the platform. */
  @Column('integer', { name: 'membership_type' })
  membershipType: number;

  /** 64 bits, hence text. */
  @Column('text', { name: 'membership_id' })
  membershipId: string;

  @Column('text', { name: 'display_name', nullable: true })
  displayName: string | null;

  /** Path below Bungie's address. */
  @Column('text', { nullable: true })
  icon: string | null;

  /** The one whose catalysts and weapons are shown and read; one per account at most. */
  @Column('boolean', { name: 'is_active', default: false })
  isActive: boolean;

  /** Another platform of the same cross-save has taken it over. */
  @Column('boolean', { name: 'is_overridden' })
  isOverridden: boolean;

  @Column('boolean', { name: 'is_cross_save_primary' })
  isCrossSavePrimary: boolean;

  @Column('timestamptz', { name: 'last_played_at', nullable: true })
  lastPlayedAt: Date | null;

  /** When Bungie named it last. */
  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
