import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { ProgressStep } from './character-state.js';
import type { JsonObject } from './merge-patch.js';

/**
 * How a character is played: seen by masters, its player, whom it was lent to, and others of the table where it is open, under row-level security; keyed
 * by its character, with which it goes.
 */
@Entity({ schema: 'tabletop', name: 'character_sheet', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_character_sheet_object',
  onDelete: 'CASCADE',
})
@Check('ck_character_sheet_xp', 'xp >= 0')
@Check('ck_character_sheet_level', 'level >= 0 AND level <= 1000')
@Index('ix_character_sheet_campaign', ['campaignId', 'objectId'])
export class CharacterSheetEntity {
  @PrimaryColumn('uuid', { name: 'object_id', primaryKeyConstraintName: 'pk_character_sheet' })
  objectId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  /** Others of the table who see the character may read this too. */
  @Column('boolean', { name: 'is_open' })
  isOpen: boolean;

  /** As the campaign's system has it; null = there is none yet. */
  @Column('jsonb', { nullable: true })
  sheet: JsonObject | null;

  @Column('jsonb', { default: {} })
  voice: JsonObject;

  @Column('jsonb', { default: {} })
  guidance: JsonObject;

  @Column('integer', { default: 0 })
  xp: number;

  @Column('smallint', { nullable: true })
  level: number | null;

  /** How points and level came about, oldest first; the newest 500. */
  @Column('jsonb', { default: [] })
  progress: ProgressStep[];

  /** Raised by what happens to it while it is closed: the object's own version tells the party nothing of that. */
  @Column('integer', { default: 0 })
  version: number;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
