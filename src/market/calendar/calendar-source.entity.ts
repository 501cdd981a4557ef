import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

/** A calendar of a game, such as the Almanax. Keyed by (game, key); nobody's own; made by its first import, never deleted. */
@Entity({ schema: 'market', name: 'calendar_source', comment: 'owner=none; erase=none' })
@Unique('uq_calendar_source_game_key', ['gameId', 'key'])
export class CalendarSourceEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_calendar_source',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_calendar_source_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('text')
  key: string;

  /** Where the last import came from: `request`, the name of a file, or the host that was asked. */
  @Column('text')
  origin: string;

  /** SHA-256 of what was imported last, as hex. */
  @Column('text')
  checksum: string;

  @Column('timestamptz', { name: 'imported_at', default: () => 'now()' })
  importedAt: Date;

  /** UTC day of the last refresh. */
  @Column('date', { name: 'refreshed_on', nullable: true })
  refreshedOn: string | null;

  /** First day that it has not asked for yet. */
  @Column('date', { name: 'next_on', nullable: true })
  nextOn: string | null;
}
