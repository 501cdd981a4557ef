import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * The counter behind the ETags of analytics, and the day for which a server's window rows stand. Keyed by server; nobody's own;
 * there from the first refresh on, never deleted. It starts at the clock, so a database made anew repeats no version.
 */
@Entity({ schema: 'market', name: 'rollup_version', comment: 'owner=none; erase=none' })
export class RollupVersionEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_rollup_version_server' })
  @PrimaryColumn('smallint', { name: 'server_id', primaryKeyConstraintName: 'pk_rollup_version' })
  serverId: number;

  @Column('bigint', { default: () => '((EXTRACT(epoch FROM clock_timestamp()) * (1000)))' })
  version: number;

  @Column('date', { name: 'as_of' })
  asOf: string;

  @Column('timestamptz', { name: 'refreshed_at', default: () => 'clock_timestamp()' })
  refreshedAt: Date;
}
