import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { LapMark, Pause } from '../geo/track.js';
import type { TrackCorrection } from './run-terms.js';
import { RunEntity } from './run.entity.js';

/** Where a run went, packed (`track-codec.ts`). Owned by the runner, under row-level security; keyed by the run; deleted with it. */
@Entity({ schema: 'running', name: 'track', comment: 'owner=user; erase=running-runs' })
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_track_run',
  onDelete: 'CASCADE',
})
@Index('ix_track_owner', ['userId', 'runId'])
export class TrackEntity {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_track' })
  runId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('integer', { name: 'point_count' })
  pointCount: number;

  /** Form of `points`. */
  @Column('smallint')
  codec: number;

  @Column('bytea')
  points: Buffer;

  @Column('jsonb', { default: [] })
  pauses: Pause[];

  @Column('jsonb', { default: [] })
  laps: LapMark[];

  @Column('jsonb', { default: [] })
  corrections: TrackCorrection[];

  /** Moves whenever it is made anew; what is worked out from it remembers of which version. */
  @Column('integer')
  version: number;
}
