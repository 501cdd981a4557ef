import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GameEntity } from './game.entity.js';

/** A heading of the game's market. Keyed by (game, name); nobody's own; added by a seed or with an unseen item, never deleted. */
@Entity({ schema: 'market', name: 'category', comment: 'owner=none; erase=none' })
@Unique('uq_category_game_name', ['gameId', 'name'])
export class CategoryEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_category',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_category_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('text')
  name: string;
}
