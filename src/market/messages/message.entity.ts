import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';
import { ProfileEntity } from '../profiles/profile.entity.js';

/**
 * Something that a profile says to all who read the market. Owned and written by the author's account, read by all; keyed by a
 * UUIDv7, so newest is last; deleted by its owner and with its author.
 */
@Entity({ schema: 'market', name: 'message', comment: 'owner=user; erase=market-personal' })
@ForeignKey(() => ProfileEntity, ['userId', 'profileId', 'authorName'], ['userId', 'id', 'name'], {
  name: 'fk_message_author',
  onDelete: 'CASCADE',
  onUpdate: 'CASCADE',
})
@Check('ck_message_content', '((char_length(content) >= 1) AND (char_length(content) <= 2000))')
@Index('ix_message_game', ['gameId', 'id'])
@Index('ix_message_author', ['userId', 'profileId'])
export class MessageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_message' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => GameEntity, { name: 'fk_message_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('uuid', { name: 'profile_id' })
  profileId: string;

  /** The profile's name, which moves it along: readers see no profile of others. */
  @Column('text', { name: 'author_name' })
  authorName: string;

  @Column('text')
  content: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
