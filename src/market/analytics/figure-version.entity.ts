import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * The counter behind the ETags of what is made of figures, and the day for which all figures of a server stand. Keyed by server;
 * nobody's own; there from the first figures on, never deleted. It starts at the clock, as that of the rollups.
 */
@Entity({ schema: 'market', name: 'figure_version', comment: 'owner=none; erase=none' })
export class FigureVersionEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_figure_version_server' })
  @PrimaryColumn('smallint', { name: 'server_id', primaryKeyConstraintName: 'pk_figure_version' })
  serverId: number;

  @Column('bigint', { default: () => '((EXTRACT(epoch FROM clock_timestamp()) * (1000)))' })
  version: number;

  /** Null while some stand for the day before. */
  @Column('date', { name: 'as_of', nullable: true })
  asOf: string | null;

  @Column('timestamptz', { name: 'refreshed_at', default: () => 'clock_timestamp()' })
  refreshedAt: Date;
}
