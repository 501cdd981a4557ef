import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

/**
 * A name under which an account keeps favourites, lists and stock of a game and writes messages. Owned by the account, under
 * row-level security; keyed by a UUIDv7, its name is unique among those of its account; deleted by its owner, with everything
 * under it but public lists.
 */
@Entity({ schema: 'market', name: 'profile', comment: 'owner=user; erase=market-personal' })
@Unique('uq_profile_user', ['userId', 'id'])
@Unique('uq_profile_author', ['userId', 'id', 'name']) // what messages refer to
@Unique('uq_profile_name', ['userId', 'gameId', 'name'])
@Check('ck_profile_name', '((char_length(name) >= 1) AND (char_length(name) <= 100))')
export class ProfileEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_profile' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => GameEntity, { name: 'fk_profile_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('text')
  name: string;

  /** Counts changes. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
