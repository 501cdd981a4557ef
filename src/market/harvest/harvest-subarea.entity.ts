import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_harvest_subarea' };

/** A part of the world and what grows there. Keyed by (game, the game's id); nobody's own; replaced by a seed. */
@Entity({ schema: 'market', name: 'harvest_subarea', comment: 'owner=none; erase=none' })
export class HarvestSubareaEntity {
  @ForeignKey(() => GameEntity, { name: 'fk_harvest_subarea_game' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'game_id' })
  gameId: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'external_id' })
  externalId: number;

  /** The game's id of the area that it belongs to. */
  @Column('integer', { name: 'area_id' })
  areaId: number;

  @Column('smallint')
  level: number;

  /** Maps of caves and dungeons share the coordinates of their entrance; routes lead over the world's map only. */
  @Column('boolean', { name: 'is_on_world_map' })
  isOnWorldMap: boolean;

  /** The game's ids of the resources, ascending. */
  @Column('integer', { name: 'resource_ids', array: true })
  resourceIds: number[];
}
