import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { CategoryEntity } from './category.entity.js';
import { GameEntity } from './game.entity.js';
import { ItemTypeEntity } from './item-type.entity.js';

/**
 * A thing that is traded. Keyed by (game, external id) where the game's id is known, else by (game, label): names repeat, labels
 * do not (plan-new-items.ts). Nobody's own; of the seed or of the first price that names it. When an item is deleted, everything
 * that is known of it goes with it (item-removal.service.ts).
 */
@Entity({ schema: 'market', name: 'item', comment: 'owner=none; erase=none' })
@Unique('uq_item_game_external', ['gameId', 'externalId'])
@Unique('uq_item_game_label', ['gameId', 'label'])
@Index('ix_item_game_label_fold', ['gameId', 'labelFold', 'id'])
@Index('ix_item_manual', ['gameId', 'externalId'], { where: 'is_manual' })
@Index('ix_item_label_fold_trgm', ['labelFold'], { type: 'gin' }) // with gin_trgm_ops
export class ItemEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_item',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_item_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  /** The game's own id; null for an item that was only ever seen by name. */
  @Column('integer', { name: 'external_id', nullable: true })
  externalId: number | null;

  /** As the game shows it; null while only the game's id is known. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'name_en', nullable: true })
  nameEn: string | null;

  /** The name made unique within the game: clients without ids address the item by it. */
  @Column('text')
  label: string;

  /** Search key of the label (fold-name.ts). */
  @Column('text', { name: 'label_fold' })
  labelFold: string;

  @Column('smallint', { nullable: true })
  level: number | null;

  @ForeignKey(() => CategoryEntity, { name: 'fk_item_category' })
  @Column('integer', { name: 'category_id', nullable: true })
  categoryId: number | null;

  @ForeignKey(() => ItemTypeEntity, { name: 'fk_item_item_type' })
  @Column('integer', { name: 'item_type_id', nullable: true })
  itemTypeId: number | null;

  /** A file of the platform's own (market-icon.ts). */
  @Column('uuid', { name: 'icon_id', nullable: true })
  iconId: string | null;

  /** Counts changes of what stands above, but for the icon. */
  @Column('integer', { default: 1 })
  version: number;

  /** The seed names it: whoever may only contribute does not take its id away. */
  @Column('boolean', { name: 'is_shipped', default: false })
  isShipped: boolean;

  /** Somebody named it by hand; clients ask for those to complete what they know themselves. */
  @Column('boolean', { name: 'is_manual', default: false })
  isManual: boolean;

  /** When a curator last corrected it; from then on a seed leaves its facts alone. */
  @Column('timestamptz', { name: 'curated_at', nullable: true })
  curatedAt: Date | null;

  /** Percent of the usual crafting experience, where it differs from its type's. */
  @Column('integer', { name: 'craft_xp_ratio', nullable: true })
  craftXpRatio: number | null;
}
