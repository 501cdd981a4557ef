import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ListEntity, type ListScope } from './list.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_list_item' };

/** How many of an item are on a list. Owned and readable as its list is; deleted by its owner, with its list or with its item. */
@Entity({ schema: 'market', name: 'list_item', comment: 'owner=user; erase=market-personal' })
@ForeignKey(() => ListEntity, ['userId', 'listId', 'scope'], ['userId', 'id', 'scope'], {
  name: 'fk_list_item_list',
  onDelete: 'CASCADE',
  onUpdate: 'CASCADE',
})
@Check('ck_list_item_quantity', 'quantity > 0')
@Index('ix_list_item_item', ['itemId'])
@Index('ix_list_item_user', ['userId'])
export class ListItemEntity {
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'list_id' })
  listId: string;

  @ForeignKey(() => ItemEntity, { name: 'fk_list_item_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  /** The list's, which moves it along. */
  @Column('text')
  scope: ListScope;

  @Column('integer')
  quantity: number;

  @Column('timestamptz', { name: 'added_at', default: () => 'now()' })
  addedAt: Date;
}
