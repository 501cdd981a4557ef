import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GhostEntity } from './ghost.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_ghost_curve' };

/**
 * Where a ghost is when, as `encodeCurve` of ghost-curve.ts writes it. Owned and deleted as its ghost is. A version never changes; one that
 * a race was begun with stays beside newer ones, so that its result can be recomputed.
 */
@Entity({ schema: 'running', name: 'ghost_curve', comment: 'owner=user; erase=running-ghosts' })
@ForeignKey(() => GhostEntity, ['userId', 'ghostId'], ['userId', 'id'], {
  name: 'fk_ghost_curve_ghost',
  onDelete: 'CASCADE',
})
@Index('ix_ghost_curve_owner', ['userId', 'ghostId'])
export class GhostCurveEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'ghost_id' })
  ghostId: string;

  @PrimaryColumn('integer', PRIMARY_KEY)
  version: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Of the rules that made it: an older one is made anew. */
  @Column('smallint', { name: 'rules_version' })
  rulesVersion: number;

  @Column('bytea')
  curve: Buffer;

  @Column('timestamptz', { name: 'built_at', default: () => 'now()' })
  builtAt: Date;
}
