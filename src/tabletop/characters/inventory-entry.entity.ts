import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/**
 * What a character carries: seen by whoever sees how the character is played, and by whoever handed it over, under row-level security; keyed by a
 * UUIDv7; goes with its character.
 */
@Entity({ schema: 'tabletop', name: 'inventory_entry', comment: 'owner=none; erase=tabletop-characters' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'characterId'], ['campaignId', 'id'], {
  name: 'fk_inventory_entry_character',
  onDelete: 'CASCADE',
})
@ForeignKey(() => ObjectEntity, ['campaignId', 'itemId'], ['campaignId', 'id'], {
  name: 'fk_inventory_entry_item',
  onDelete: 'SET NULL',
})
@Check('ck_inventory_entry_quantity', 'quantity >= 1')
@Check('ck_inventory_entry_worth', 'weight_lb >= 0::double precision AND value_cp >= 0')
@Index('ix_inventory_entry_character', ['campaignId', 'characterId', 'id'])
@Index('ix_inventory_entry_item', ['campaignId', 'itemId'], { where: '(item_id IS NOT NULL)' })
@Index('uq_inventory_entry_source', ['characterId', 'sourceId'], {
  unique: true,
  where: '(source_id IS NOT NULL)',
})
@Index('ix_inventory_entry_hand', ['handedBy'], { where: '(handed_by IS NOT NULL)' })
export class InventoryEntryEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_inventory_entry' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'character_id' })
  characterId: string;

  /** The item of the campaign that it is, where it is one that is written about. */
  @Column('uuid', { name: 'item_id', nullable: true })
  itemId: string | null;

  @Column('text')
  name: string;

  @Column('integer')
  quantity: number;

  @Column('boolean', { name: 'is_equipped', default: false })
  isEquipped: boolean;

  /** Of one of them, in pounds. */
  @Column('double precision', { name: 'weight_lb', nullable: true })
  weightLb: number | null;

  /** Of one of them, in copper pieces. */
  @Column('bigint', { name: 'value_cp', nullable: true })
  valueCp: string | null;

  @Column('text', { default: '' })
  notes: string;

  /** The account whose character had it before; null when it has left for good, or nobody. */
  @Column('uuid', { name: 'handed_by', nullable: true })
  handedBy: string | null;

  /** Which thing of the imported sheet it is; null when it is none, or was handed over. */
  @Column('text', { name: 'source_id', nullable: true })
  sourceId: string | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
