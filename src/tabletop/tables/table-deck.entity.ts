import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/** Which rows of a table without repetition are out. Keyed by the table; the platform's own, since players roll tables within others unseen. */
@Entity({ schema: 'tabletop', name: 'table_deck', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_table_deck_object',
  onDelete: 'CASCADE',
})
@Index('ix_table_deck_campaign', ['campaignId', 'objectId'])
export class TableDeckEntity {
  @PrimaryColumn('uuid', { name: 'object_id', primaryKeyConstraintName: 'pk_table_deck' })
  objectId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  /** Of the rows that places are counted in: with others the deck begins anew. */
  @Column('text', { name: 'rows_digest' })
  rowsDigest: string;

  /** Places of rows, from 0. */
  @Column('int', { array: true, default: '{}' })
  drawn: number[];

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
