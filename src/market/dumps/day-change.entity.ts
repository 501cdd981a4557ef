import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * How often a day of a server has been derived anew. Keyed by (server, day); nobody's own; written by the rollups with the days
 * themselves, never deleted.
 */
@Entity({ schema: 'market', name: 'day_change', comment: 'owner=none; erase=none' })
export class DayChangeEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_day_change_server' })
  @PrimaryColumn('smallint', { name: 'server_id', primaryKeyConstraintName: 'pk_day_change' })
  serverId: number;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_day_change' })
  day: string;

  @Column('integer', { name: 'change_count', default: 1 })
  changeCount: number;
}
