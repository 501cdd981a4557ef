import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * The counter behind the ETag of everything that shows a server's prices; each stored batch bumps it. Keyed by server; nobody's
 * own; there from the first price on, never deleted. It starts at the clock, so a database made anew repeats no version.
 */
@Entity({ schema: 'market', name: 'server_version', comment: 'owner=none; erase=none' })
export class ServerVersionEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_server_version_server' })
  @PrimaryColumn('smallint', { name: 'server_id', primaryKeyConstraintName: 'pk_server_version' })
  serverId: number;

  @Column('bigint', { default: () => '((EXTRACT(epoch FROM clock_timestamp()) * (1000)))' })
  version: number;
}
