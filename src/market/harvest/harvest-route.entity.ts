import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

/**
 * A way round that somebody keeps. Owned by its account under row-level security, readable by all once it is public; keyed by a
 * UUIDv7; deleted by its owner.
 */
@Entity({ schema: 'market', name: 'harvest_route', comment: 'owner=user; erase=harvest-routes' })
@Index('ix_harvest_route_user', ['userId', 'gameId', 'id'])
@Index('ix_harvest_route_public', ['gameId', 'id'], { where: 'is_public' })
export class HarvestRouteEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_harvest_route' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => GameEntity, { name: 'fk_harvest_route_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** The game's own ids of the jobs that it is for. */
  @Column('integer', { name: 'job_ids', array: true })
  jobIds: number[];

  /** The game's own ids of what is gathered on it. */
  @Column('integer', { name: 'resource_ids', array: true })
  resourceIds: number[];

  /** A list of objects as the client that made it wrote them; nothing here looks into them. */
  @Column('jsonb')
  steps: Record<string, unknown>[];

  @Column('boolean', { name: 'is_public', default: false })
  isPublic: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
