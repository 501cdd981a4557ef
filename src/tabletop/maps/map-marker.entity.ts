import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { MarkerKind } from './marker-kinds.js';

/** A pin or a token on a map, in cells from the picture's upper left corner. Hidden ones are the masters' own. Gone with the map. */
@Entity({ schema: 'tabletop', name: 'map_marker', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_map_marker_foreign', ['mapId', 'kind', 'foreignId'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'mapId'], ['campaignId', 'id'], {
  name: 'fk_map_marker_map',
  onDelete: 'CASCADE',
})
@Check('ck_map_marker_kind', `kind = ANY (ARRAY['pin'::text, 'token'::text])`)
@Check('ck_map_marker_size', `width > 0::double precision AND height > 0::double precision`)
@Index('ix_map_marker_map', ['campaignId', 'mapId', 'id'])
export class MapMarkerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_map_marker' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'map_id' })
  mapId: string;

  @Column('text')
  kind: MarkerKind;

  @Column('text')
  name: string;

  @Column('text', { default: '' })
  note: string;

  /** What it stands for; told to those who see that. */
  @Column('uuid', { name: 'object_id', nullable: true })
  objectId: string | null;

  @Column('double precision')
  x: number;

  @Column('double precision')
  y: number;

  @Column('double precision', { default: 1 })
  width: number;

  @Column('double precision', { default: 1 })
  height: number;

  /** In the map's unit of distance. */
  @Column('double precision', { default: 0 })
  elevation: number;

  @Column('double precision', { name: 'rotation_deg', default: 0 })
  rotationDeg: number;

  @Column('boolean', { name: 'is_hidden', default: true })
  isHidden: boolean;

  /** Foundry's id of it: what it had there, or what it will have. */
  @Column('text', { name: 'foreign_id' })
  foreignId: string;

  /** What Foundry keeps beside; for masters, and for the way back. */
  @Column('jsonb', { default: {} })
  extra: Record<string, unknown>;

  @Column('integer', { default: 1 })
  version: number;

  /** Version of the last change that was made here. */
  @Column('integer', { name: 'local_version', default: 1 })
  localVersion: number;

  /** Version that the last change from Foundry made; 0 = none came. */
  @Column('integer', { name: 'imported_version', default: 0 })
  importedVersion: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
