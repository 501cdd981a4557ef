import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GhostEntity } from './ghost.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_ghost_source' };

/**
 * A run that a ghost is made of: one for a past run or a record, several for a composite, the course for a plan over its hills. Owned and
 * deleted as its ghost is. It outlives its run on purpose: what is no longer there can be shown to nobody.
 */
@Entity({ schema: 'running', name: 'ghost_source', comment: 'owner=user; erase=running-ghosts' })
@ForeignKey(() => GhostEntity, ['userId', 'ghostId'], ['userId', 'id'], {
  name: 'fk_ghost_source_ghost',
  onDelete: 'CASCADE',
})
@Index('ix_ghost_source_run', ['runId'])
@Index('ix_ghost_source_owner', ['userId', 'ghostId'])
export class GhostSourceEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'ghost_id' })
  ghostId: string;

  @PrimaryColumn('integer', PRIMARY_KEY)
  position: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'run_id' })
  runId: string;

  /** The section of the run that it takes, in milliseconds since the run's start; an end of null is the run's. */
  @Column('double precision', { name: 'from_ms' })
  fromMs: number;

  @Column('double precision', { name: 'to_ms', nullable: true })
  toMs: number | null;

  /** The version of the track that the newest curve was made of. */
  @Column('integer', { name: 'track_version', nullable: true })
  trackVersion: number | null;
}
