import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ProfileEntity } from './profile.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_favourite' };

/** An item that a profile has marked. Owned as its profile is; deleted by its owner, with its profile or with its item. */
@Entity({ schema: 'market', name: 'favourite', comment: 'owner=user; erase=market-personal' })
@ForeignKey(() => ProfileEntity, ['userId', 'profileId'], ['userId', 'id'], {
  name: 'fk_favourite_profile',
  onDelete: 'CASCADE',
})
@Index('ix_favourite_item', ['itemId'])
@Index('ix_favourite_user', ['userId'])
export class FavouriteEntity {
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'profile_id' })
  profileId: string;

  @ForeignKey(() => ItemEntity, { name: 'fk_favourite_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @Column('timestamptz', { name: 'added_at', default: () => 'now()' })
  addedAt: Date;
}
