import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HarvestSubareaEntity } from './harvest-subarea.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_harvest_map' };

/** One map of the world and where it lies. Keyed by (game, the game's id, which may be 0); nobody's own; replaced by a seed. */
@Entity({ schema: 'market', name: 'harvest_map', comment: 'owner=none; erase=none' })
@ForeignKey(() => HarvestSubareaEntity, ['gameId', 'subareaId'], ['gameId', 'externalId'], {
  name: 'fk_harvest_map_subarea',
})
export class HarvestMapEntity {
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'game_id' })
  gameId: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'external_id' })
  externalId: number;

  /** East is up. */
  @Column('smallint')
  x: number;

  /** South is up. */
  @Column('smallint')
  y: number;

  @Column('integer', { name: 'subarea_id' })
  subareaId: number;
}
