import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';
import { JobEntity } from '../catalog/job.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_harvest_resource' };

/**
 * Something that can be gathered. Keyed by (game, the game's id of the item); the item itself may not be known yet. Nobody's own;
 * replaced by a seed.
 */
@Entity({ schema: 'market', name: 'harvest_resource', comment: 'owner=none; erase=none' })
export class HarvestResourceEntity {
  @ForeignKey(() => GameEntity, { name: 'fk_harvest_resource_game' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'game_id' })
  gameId: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'external_id' })
  externalId: number;

  /** French; null when no source knows it. */
  @Column('text', { nullable: true })
  name: string | null;

  @ForeignKey(() => JobEntity, { name: 'fk_harvest_resource_job' })
  @Column('integer', { name: 'job_id' })
  jobId: number;

  /** Level of the job from which on it can be gathered. */
  @Column('smallint')
  level: number;
}
