import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_index_link' };

/**
 * How far a server's market went from one day on which anything was seen to the next (market-index.ts). Keyed by (server, day);
 * nobody's own; worked out from `daily`, deleted when nothing is left of the day.
 */
@Entity({ schema: 'market', name: 'index_link', comment: 'owner=none; erase=none' })
export class IndexLinkEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_index_link_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('date', { ...PRIMARY_KEY }) // a copy: TypeORM writes the type into it
  day: string;

  /** Null for the first day of all. */
  @Column('date', { name: 'previous_day', nullable: true })
  previousDay: string | null;

  @Column('double precision', { name: 'log_change' })
  logChange: number;

  /** 1.4826 MAD of the items' logarithms. */
  @Column('double precision')
  dispersion: number;

  /** Items with a price on both days. */
  @Column('integer', { name: 'matched_count' })
  matchedCount: number;

  /** Items with a price on one of them at least. */
  @Column('integer', { name: 'seen_count' })
  seenCount: number;
}
