import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';
import { ProfileEntity } from '../profiles/profile.entity.js';

/**
 * How many of a thing lie in a bank: of an account on a server, under one of its profiles or under none. Keyed by the game's own
 * id, which the catalogue may not know yet. Owned by the account, under row-level security; deleted when it is taken out, with
 * its profile or with its item.
 */
@Entity({ schema: 'market', name: 'stock', comment: 'owner=user; erase=market-personal' })
@Unique('uq_stock_place', ['userId', 'serverId', 'profileId', 'externalId']) // no profile is a place like any other
@ForeignKey(() => ProfileEntity, ['userId', 'profileId'], ['userId', 'id'], {
  name: 'fk_stock_profile',
  onDelete: 'CASCADE',
})
@Check('ck_stock_external_id', 'external_id > 0')
@Check('ck_stock_quantity', `((quantity >= 1) AND (quantity <= '1000000000000'::bigint))`)
@Index('ix_stock_item', ['itemId'])
@Index('ix_stock_profile', ['userId', 'profileId'])
export class StockEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_stock',
  })
  id: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => ServerEntity, { name: 'fk_stock_server' })
  @Column('smallint', { name: 'server_id' })
  serverId: number;

  @Column('uuid', { name: 'profile_id', nullable: true })
  profileId: string | null;

  /** The game's own id of the thing; what it is called now is looked up by it. */
  @Column('integer', { name: 'external_id' })
  externalId: number;

  /** The item that had the id when the row was written; null where there was none. */
  @ForeignKey(() => ItemEntity, { name: 'fk_stock_item', onDelete: 'CASCADE' })
  @Column('integer', { name: 'item_id', nullable: true })
  itemId: number | null;

  @Column('bigint')
  quantity: number;

  @Column('timestamptz', { name: 'captured_at' })
  capturedAt: Date;
}
