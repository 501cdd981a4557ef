import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';

/**
 * All fixes of a run that was folded, packed (`fix-codec.ts`): the track is made of them again when another one comes late, and by their
 * numbers one that comes twice is known. Owned by the runner, under row-level security; keyed by the run; deleted with it.
 */
@Entity({ schema: 'running', name: 'folded_fixes', comment: 'owner=user; erase=running-runs' })
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_folded_fixes_run',
  onDelete: 'CASCADE',
})
@Index('ix_folded_fixes_owner', ['userId', 'runId'])
export class FoldedFixesEntity {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_folded_fixes' })
  runId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('integer', { name: 'fix_count' })
  fixCount: number;

  /** Their numbers, as PostgreSQL writes a multirange: `{[1,101),[105,106)}`. */
  @Column('int4multirange')
  seqs: string;

  /** Form of `fixes`. */
  @Column('smallint')
  codec: number;

  @Column('bytea')
  fixes: Buffer;
}
