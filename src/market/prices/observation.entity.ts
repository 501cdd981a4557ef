import { Check, Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_observation' }; // INCLUDE (price, id)

/**
 * One observed price: the raw history, in one partition per month of `captured_at`. Keyed by (server, item, instant, source),
 * so a repetition is recognised; nobody's own (a source is a program, not a person). Rows leave when an earlier point makes them repeats
 * (withheld_observation), when a curator corrects or deletes them, with their month, and after their item. It has no foreign keys: its row in `latest`, written by the same statement, has them.
 */
@Entity({ schema: 'market', name: 'observation', comment: 'owner=none; erase=none' })
@Check('ck_observation_price', 'price >= 0 AND price <= 1e12')
@Check('ck_observation_lots', 'lots > 0')
@Index('ix_observation_id_brin', ['id'], { type: 'brin' }) // with 32 pages per range
export class ObservationEntity {
  /** Ascends with the time of storing, in steps and with gaps. */
  @Generated('increment')
  @Column('bigint')
  id: number;

  @PrimaryColumn('timestamptz', { ...PRIMARY_KEY, name: 'captured_at' })
  capturedAt: Date;

  /** Price of ONE unit in the game's coin. */
  @Column('double precision')
  price: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'source_id' })
  sourceId: number;

  /** Number of listings seen, not a traded quantity. */
  @Column('integer')
  lots: number;

  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;
}
