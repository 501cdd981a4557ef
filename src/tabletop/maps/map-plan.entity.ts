import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { MapLight, MapPortal, MapWall } from './uvtt-reader.js';

/** Walls, doors and lights of a map, in cells: its masters' own. Gone with the map. */
@Entity({ schema: 'tabletop', name: 'map_plan', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'mapId'], ['campaignId', 'id'], {
  name: 'fk_map_plan_map',
  onDelete: 'CASCADE',
})
@Index('ix_map_plan_campaign', ['campaignId', 'mapId'])
export class MapPlanEntity {
  @PrimaryColumn('uuid', { name: 'map_id', primaryKeyConstraintName: 'pk_map_plan' })
  mapId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('jsonb')
  walls: MapWall[];

  @Column('jsonb')
  portals: MapPortal[];

  @Column('jsonb')
  lights: MapLight[];

  /** The picture has its lights painted in. */
  @Column('boolean', { name: 'is_lit' })
  isLit: boolean;

  /** `aarrggbb`. */
  @Column('text', { name: 'ambient_light', nullable: true })
  ambientLight: string | null;
}
