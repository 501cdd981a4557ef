import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RouteEntity } from './route.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_route_cell' };

/**
 * A square of the ground (`route-cells.ts`) that a route's current shape touches: by these the few routes are found that a run may be on.
 * Owned by the runner, under row-level security; deleted with the route.
 */
@Entity({ schema: 'running', name: 'route_cell', comment: 'owner=user; erase=running-routes' })
@ForeignKey(() => RouteEntity, ['userId', 'routeId'], ['userId', 'id'], {
  name: 'fk_route_cell_route',
  onDelete: 'CASCADE',
})
@Index('ix_route_cell_route', ['userId', 'routeId'])
export class RouteCellEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('bigint', { ...PRIMARY_KEY })
  cell: number;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'route_id' })
  routeId: string;
}
