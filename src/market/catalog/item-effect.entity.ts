import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ItemEntity } from './item.entity.js';

/** What an item does to whoever uses it. Keyed by (item, effect) and deleted with the item; nobody's own; replaced by a seed. */
@Entity({ schema: 'market', name: 'item_effect', comment: 'owner=none; erase=none' })
@Unique('uq_item_effect_item_effect', ['itemId', 'effectId'])
export class ItemEffectEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_item_effect',
  })
  id: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_item_effect_item', onDelete: 'CASCADE' })
  @Column('integer', { name: 'item_id' })
  itemId: number;

  /** The game's own id of the effect (describe-effect.ts). */
  @Column('integer', { name: 'effect_id' })
  effectId: number;

  @Column('integer', { name: 'min_value' })
  minValue: number;

  /** Null for an effect of one value. */
  @Column('integer', { name: 'max_value', nullable: true })
  maxValue: number | null;

  /** Place among the effects of its item, from 0. */
  @Column('smallint')
  position: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt: Date;
}
