import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../link/membership.entity.js';
import type { ItemLocation, ItemSnapshot } from '../bungie/profile-snapshot.js';

/**
 * A weapon that a membership holds. Owned by the membership's account, under row-level security; keyed by membership and Bungie's id of
 * the copy; deleted when a whole inventory came without it, and with the membership.
 */
@Entity({ schema: 'destiny', name: 'weapon', comment: 'owner=user; erase=destiny-profiles' })
@Check(
  'ck_weapon_location',
  `location = ANY (ARRAY['equipped'::text, 'inventory'::text, 'vault'::text, 'postmaster'::text])`,
)
@Index('ix_weapon_user', ['userId'])
export class WeaponEntity {
  @PrimaryColumn('uuid', { name: 'membership_id', primaryKeyConstraintName: 'pk_weapon' })
  @ForeignKey(() => MembershipEntity, { name: 'fk_weapon_membership', onDelete: 'CASCADE' })
  membershipId: string;

  /** 64 bits, as text. */
  @PrimaryColumn('text', { name: 'item_instance_id', primaryKeyConstraintName: 'pk_weapon' })
  itemInstanceId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('bigint', { name: 'item_hash' })
  itemHash: number;

  @Column('text')
  location: ItemLocation;

  /** Null in the vault. */
  @Column('text', { name: 'character_id', nullable: true })
  characterId: string | null;

  @Column('integer', { nullable: true })
  power: number | null;

  @Column('jsonb')
  item: ItemSnapshot;

  /** Of everything above; an equal one writes nothing. */
  @Column('uuid', { name: 'content_hash' })
  contentHash: string;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt: Date;
}
