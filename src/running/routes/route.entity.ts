import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { RouteKind } from './route-form.js';
import type { Loop } from './route-loops.js';

/**
 * A way that somebody runs, found by matching their runs. Owned by the runner, under row-level security; keyed by a UUIDv7; deleted by its
 * owner, or, as long as it has no name, with the last of its runs.
 */
@Entity({ schema: 'running', name: 'route', comment: 'owner=user; erase=running-routes' })
@Unique('uq_route_owner', ['userId', 'id'])
@Check(
  'ck_route_kind',
  `kind = ANY (ARRAY['laps'::text, 'out_and_back'::text, 'loop'::text, 'point_to_point'::text])`,
)
export class RouteEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_route' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Null = its owner has given none. */
  @Column('text', { nullable: true })
  name: string | null;

  /** Of the shape that holds; the others are the ways that it has had. */
  @Column('integer', { name: 'shape_version', default: 1 })
  shapeVersion: number;

  @Column('text')
  kind: RouteKind;

  @Column('integer', { name: 'lap_count' })
  lapCount: number;

  @Column('double precision', { name: 'lap_distance_m' })
  lapDistanceM: number;

  /** Share of the way that is run in both directions, 0 to 1. */
  @Column('double precision')
  retraced: number;

  @Column('double precision', { name: 'distance_m' })
  distanceM: number;

  /** Null where its run had no altitudes. */
  @Column('double precision', { name: 'climb_m', nullable: true })
  climbM: number | null;

  @Column('double precision', { name: 'descent_m', nullable: true })
  descentM: number | null;

  /** Level metres that its slopes are worth, from start to end and from end to start. */
  @Column('double precision', { name: 'forward_level_m' })
  forwardLevelM: number;

  @Column('double precision', { name: 'backward_level_m' })
  backwardLevelM: number;

  /** A box around it; east is below west across the date line. */
  @Column('double precision', { name: 'south_deg' })
  southDeg: number;

  @Column('double precision', { name: 'west_deg' })
  westDeg: number;

  @Column('double precision', { name: 'north_deg' })
  northDeg: number;

  @Column('double precision', { name: 'east_deg' })
  eastDeg: number;

  @Column('jsonb', { default: [] })
  loops: Loop[];

  /** Moves with every change of name or shape. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
