import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';
import type { Relation } from './route-similarity.js';
import { RouteEntity } from './route.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_run_route' };

/**
 * What a run is to a route of its runner. Worked out by matching, again whenever the run's track or the route's shape is another one.
 * Owned by the runner, under row-level security; deleted with either.
 */
@Entity({ schema: 'running', name: 'run_route', comment: 'owner=user; erase=running-routes' })
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_run_route_run',
  onDelete: 'CASCADE',
})
@ForeignKey(() => RouteEntity, ['userId', 'routeId'], ['userId', 'id'], {
  name: 'fk_run_route_route',
  onDelete: 'CASCADE',
})
@Check(
  'ck_run_route_relation',
  `relation = ANY (ARRAY['same'::text, 'reversed'::text, 'contained'::text, 'contains'::text, 'overlapping'::text, 'different'::text])`,
)
@Check('ck_run_route_direction', `direction = ANY (ARRAY['forward'::text, 'backward'::text])`)
@Check('ck_run_route_time', '(time_s IS NULL) = (passage_count = 0)')
@Index('uq_run_route_main', ['runId'], { unique: true, where: 'is_main' })
@Index('ix_run_route_run', ['userId', 'runId'])
@Index('ix_run_route_route', ['userId', 'routeId'])
export class RunRouteEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'run_id' })
  runId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'route_id' })
  routeId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Of the run to the route. */
  @Column('text')
  relation: Relation;

  @Column('text')
  direction: 'forward' | 'backward';

  /** The run is one of the route's own. */
  @Column('boolean', { name: 'is_main' })
  isMain: boolean;

  /** Its runner has said so: matching leaves it. */
  @Column('boolean', { name: 'is_pinned', default: false })
  isPinned: boolean;

  /** Share of the run within 25 m of the route, and of the route within 25 m of the run: 0 to 1. */
  @Column('double precision')
  coverage: number;

  @Column('double precision', { name: 'route_coverage' })
  routeCoverage: number;

  /** Metres of a closed route at which the run began; 0 = at its start. */
  @Column('double precision', { name: 'rotation_m', default: 0 })
  rotationM: number;

  /** How often the run went over the whole route, forwards. */
  @Column('integer', { name: 'passage_count' })
  passageCount: number;

  /** Elapsed seconds of the fastest passage; null where there is none. */
  @Column('double precision', { name: 'time_s', nullable: true })
  timeS: number | null;

  /** The same without pauses. */
  @Column('double precision', { name: 'moving_time_s', nullable: true })
  movingTimeS: number | null;

  /** When it began and ended, in milliseconds since the run's start. */
  @Column('double precision', { name: 'from_ms', nullable: true })
  fromMs: number | null;

  @Column('double precision', { name: 'to_ms', nullable: true })
  toMs: number | null;

  /** Of what it was worked out. */
  @Column('integer', { name: 'track_version' })
  trackVersion: number;

  @Column('integer', { name: 'shape_version' })
  shapeVersion: number;

  @Column('timestamptz', { name: 'matched_at', default: () => 'now()' })
  matchedAt: Date;
}
