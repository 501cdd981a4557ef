import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/**
 * The picture of a map and its grid: seen by whoever sees the map, and gone with it. The picture is one of the files of whoever uploaded it; when
 * that is gone the map has none.
 */
@Entity({ schema: 'tabletop', name: 'battle_map', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'mapId'], ['campaignId', 'id'], {
  name: 'fk_battle_map_map',
  onDelete: 'CASCADE',
})
@Check(
  'ck_battle_map_size',
  `width_px > 0 AND height_px > 0 AND cell_px > 0::double precision AND cell_distance > 0::double precision`,
)
@Index('ix_battle_map_campaign', ['campaignId', 'mapId'])
export class BattleMapEntity {
  @PrimaryColumn('uuid', { name: 'map_id', primaryKeyConstraintName: 'pk_battle_map' })
  mapId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'file_id' })
  fileId: string;

  @Column('integer', { name: 'width_px' })
  widthPx: number;

  @Column('integer', { name: 'height_px' })
  heightPx: number;

  /** Pixels of a cell of its grid. */
  @Column('double precision', { name: 'cell_px' })
  cellPx: number;

  /** How far a cell is, in `distanceUnit`. */
  @Column('double precision', { name: 'cell_distance', default: 5 })
  cellDistance: number;

  @Column('text', { name: 'distance_unit', default: 'ft' })
  distanceUnit: string;
}
