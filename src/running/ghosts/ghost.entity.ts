import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CurveState, GhostBasis, GhostCategory, GhostType, GoalSplit } from './ghost-kinds.js';

/**
 * Somebody to race against. Owned by an account, under row-level security; keyed by a UUIDv7; deleted by its owner, with its sources and
 * curves. Others see it only by the owner's leave and only where every run that it is made of was recorded here or uploaded.
 */
@Entity({ schema: 'running', name: 'ghost', comment: 'owner=user; erase=running-ghosts' })
@Unique('uq_ghost_owner', ['userId', 'id'])
@Unique('uq_ghost_share', ['shareDigest'])
@Check(
  'ck_ghost_type',
  `type = ANY (ARRAY['personal_record'::text, 'past_run'::text, 'custom_goal'::text, 'shared'::text, 'composite'::text])`,
)
@Check(
  'ck_ghost_category',
  `category = ANY (ARRAY['speed'::text, 'endurance'::text, 'interval'::text, 'recovery'::text])`,
)
@Check('ck_ghost_difficulty', 'difficulty >= 1 AND difficulty <= 5')
@Check('ck_ghost_basis', `basis = ANY (ARRAY['route'::text, 'distance'::text])`)
@Check('ck_ghost_curve_state', `curve_state = ANY (ARRAY['waiting'::text, 'ready'::text, 'failed'::text])`)
@Check('ck_ghost_size', `distance_m > 0::double precision AND duration_s > 0::double precision`)
@Check(
  'ck_ghost_shared',
  `(type = 'shared'::text) = (source_ghost_id IS NOT NULL) AND (type <> 'shared'::text OR NOT is_public AND share_digest IS NULL)`,
)
@Check('ck_ghost_share', '(share_digest IS NULL) = (share_expires_at IS NULL)')
@Index('ix_ghost_public', ['id'], { where: 'is_public' })
@Index('ix_ghost_source_ghost', ['sourceGhostId'], { where: 'source_ghost_id IS NOT NULL' })
export class GhostEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_ghost' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  type: GhostType;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text', { nullable: true })
  category: GhostCategory | null;

  /** 1 (easy) to 5, as its owner judges it. */
  @Column('smallint', { nullable: true })
  difficulty: number | null;

  @Column('text')
  basis: GhostBasis;

  /** Shown where ghosts are chosen; an inactive one keeps its results. */
  @Column('boolean', { name: 'is_active', default: true })
  isActive: boolean;

  @Column('boolean', { name: 'is_public', default: false })
  isPublic: boolean;

  /** From its start to its finish line. */
  @Column('double precision', { name: 'distance_m' })
  distanceM: number;

  /** Elapsed, from line to line. */
  @Column('double precision', { name: 'duration_s' })
  durationS: number;

  /** Of a personal record: over which distance. */
  @Column('double precision', { name: 'record_distance_m', nullable: true })
  recordDistanceM: number | null;

  /** Of a composite: how long the sections are whose best it takes. */
  @Column('double precision', { name: 'section_m', nullable: true })
  sectionM: number | null;

  /** The route of the library that it runs on, where it was made for one. */
  @Column('uuid', { name: 'route_id', nullable: true })
  routeId: string | null;

  /** Of a custom goal. */
  @Column('jsonb', { nullable: true })
  splits: readonly GoalSplit[] | null;

  /** Of `shared`: whose curve it is. No foreign key: it stays, without a curve, when the other is gone. */
  @Column('uuid', { name: 'source_ghost_id', nullable: true })
  sourceGhostId: string | null;

  /** Which of the owner's links it was taken over by; what a link gave ends with it. */
  @Column('integer', { name: 'source_share_seq', nullable: true })
  sourceShareSeq: number | null;

  /** Counts the links that were made of it. */
  @Column('integer', { name: 'share_seq', default: 0 })
  shareSeq: number;

  /** SHA-256 of the link's token. */
  @Column('bytea', { name: 'share_digest', nullable: true })
  shareDigest: Buffer | null;

  @Column('timestamptz', { name: 'share_expires_at', nullable: true })
  shareExpiresAt: Date | null;

  @Column('text', { name: 'curve_state', default: 'waiting' })
  curveState: CurveState;

  /** The newest row of `ghost_curve`. */
  @Column('integer', { name: 'curve_version', nullable: true })
  curveVersion: number | null;

  /** Results against it, by whomsoever; and those in which it was beaten. */
  @Column('integer', { name: 'usage_count', default: 0 })
  usageCount: number;

  @Column('integer', { name: 'beaten_count', default: 0 })
  beatenCount: number;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
