import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { ImportSource } from './mapping-report.js';

/**
 * Where an object came from. Seen by masters and by whoever brought it, under row-level security; keyed by a UUIDv7, with which its two sealed
 * columns open; goes with its object.
 */
@Entity({ schema: 'tabletop', name: 'import_source', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_import_source_object', ['objectId'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_import_source_object',
  onDelete: 'CASCADE',
})
@Index('ix_import_source_key', ['campaignId', 'source', 'sourceKey'])
@Index('ix_import_source_person', ['importedBy'], { where: '(imported_by IS NOT NULL)' })
export class ImportSourceEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_import_source' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  @Column('text')
  source: ImportSource;

  /** By which the other side knows it. */
  @Column('text', { name: 'source_key' })
  sourceKey: string;

  /** Null when the account has left for good. */
  @Column('uuid', { name: 'imported_by', nullable: true })
  importedBy: string | null;

  /** What the last import said of it, sealed. */
  @Column('bytea')
  mapped: Buffer;

  /** The file as it came, packed and sealed; null where there is no way back. */
  @Column('bytea', { nullable: true })
  original: Buffer | null;

  @Column('timestamptz', { name: 'imported_at', default: () => 'now()' })
  importedAt: Date;
}
