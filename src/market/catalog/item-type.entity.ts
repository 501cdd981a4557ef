import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { CategoryEntity } from './category.entity.js';
import { GameEntity } from './game.entity.js';

/** The game's own class of an item, finer than its category. Keyed by (game, external id); nobody's own; of the seed, never deleted. */
@Entity({ schema: 'market', name: 'item_type', comment: 'owner=none; erase=none' })
@Unique('uq_item_type_game_external', ['gameId', 'externalId'])
export class ItemTypeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_item_type',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_item_type_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('integer', { name: 'external_id' })
  externalId: number;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'name_en', nullable: true })
  nameEn: string | null;

  @ForeignKey(() => CategoryEntity, { name: 'fk_item_type_category' })
  @Column('integer', { name: 'category_id', nullable: true })
  categoryId: number | null;

  /** Percent of the usual crafting experience: 100 is standard. */
  @Column('integer', { name: 'craft_xp_ratio', nullable: true })
  craftXpRatio: number | null;
}
