import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RouteEntity } from './route.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_route_shape' };

/** A way that a route has or had, packed (`route-shape-codec.ts`). Owned by the runner, under row-level security; deleted with the route. */
@Entity({ schema: 'running', name: 'route_shape', comment: 'owner=user; erase=running-routes' })
@ForeignKey(() => RouteEntity, ['userId', 'routeId'], ['userId', 'id'], {
  name: 'fk_route_shape_route',
  onDelete: 'CASCADE',
})
@Index('ix_route_shape_owner', ['userId', 'routeId'])
export class RouteShapeEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'route_id' })
  routeId: string;

  @PrimaryColumn('integer', PRIMARY_KEY)
  version: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** The run whose way it is; that run may be gone. */
  @Column('uuid', { name: 'run_id', nullable: true })
  runId: string | null;

  @Column('double precision', { name: 'distance_m' })
  distanceM: number;

  @Column('bytea')
  places: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
