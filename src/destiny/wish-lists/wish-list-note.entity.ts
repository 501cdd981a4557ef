import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WishListEntity } from './wish-list.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_wish_list_note' };

/** What a list says of one or more of its rolls. Owned as its list is, and deleted with it. */
@Entity({ schema: 'destiny', name: 'wish_list_note', comment: 'owner=user; erase=destiny-wish-lists' })
@ForeignKey(() => WishListEntity, ['userId', 'listId'], ['userId', 'id'], {
  name: 'fk_wish_list_note_list',
  onDelete: 'CASCADE',
})
export class WishListNoteEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'list_id' })
  listId: string;

  @PrimaryColumn('integer', PRIMARY_KEY)
  position: number;

  @Column('text')
  notes: string;

  @Column('text', { array: true })
  tags: string[];
}
