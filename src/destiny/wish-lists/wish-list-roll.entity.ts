import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WishListEntity } from './wish-list.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_wish_list_roll' };

/** A roll of a list. Owned as its list is, keyed by its place in it, and deleted with it. */
@Entity({ schema: 'destiny', name: 'wish_list_roll', comment: 'owner=user; erase=destiny-wish-lists' })
@Check('ck_wish_list_roll_item', `((item_hash >= 0) AND (item_hash <= '4294967295'::bigint))`)
@Index('ix_wish_list_roll_item', ['userId', 'itemHash', 'listId', 'position'])
@ForeignKey(() => WishListEntity, ['userId', 'listId'], ['userId', 'id'], {
  name: 'fk_wish_list_roll_list',
  onDelete: 'CASCADE',
})
export class WishListRollEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'list_id' })
  listId: string;

  /** From 0 on. */
  @PrimaryColumn('integer', PRIMARY_KEY)
  position: number;

  /** An item or an item category; 0 = any item. */
  @Column('bigint', { name: 'item_hash' })
  itemHash: number;

  @Column('boolean', { name: 'is_trash' })
  isTrash: boolean;

  /** None = the whole item. */
  @Column('bigint', { array: true })
  perks: number[];

  /** Of what the list says of it. */
  @Column('integer', { name: 'note_position', nullable: true })
  notePosition: number | null;
}
