import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';
import { ProfileEntity } from '../profiles/profile.entity.js';

export type ListScope = 'public' | 'private';

/**
 * Items with quantities under a name. Owned by an account; read by it alone, or, when it is public, by all who read the market;
 * written by its owner only. Keyed by a UUIDv7; deleted by its owner, and a private one with its profile.
 */
@Entity({ schema: 'market', name: 'list', comment: 'owner=user; erase=market-personal' })
@Unique('uq_list_user', ['userId', 'id', 'scope']) // what its items refer to
@ForeignKey(() => ProfileEntity, ['userId', 'profileId'], ['userId', 'id'], {
  name: 'fk_list_profile',
  onDelete: 'SET NULL',
})
@Check('ck_list_name', '((char_length(name) >= 1) AND (char_length(name) <= 100))')
@Check('ck_list_scope', `(scope = ANY (ARRAY['public'::text, 'private'::text]))`)
@Index('ix_list_public', ['gameId', 'id'], { where: `(scope = 'public'::text)` })
export class ListEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_list' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => GameEntity, { name: 'fk_list_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  /** Whose private list it is; null for one that belongs to the account as a whole. */
  @Column('uuid', { name: 'profile_id', nullable: true })
  profileId: string | null;

  @Column('text')
  name: string;

  @Column('text')
  scope: ListScope;

  /** Counts changes, those of its items too, and what goes with an item or a profile that is deleted. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
