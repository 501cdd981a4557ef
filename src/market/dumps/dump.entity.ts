import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

/**
 * The newest dump of a day: a file of the platform's own with every raw price of all servers of a game. Keyed by (game, day);
 * nobody's own; inserted with the first file of the day, updated with every other one, never deleted.
 */
@Entity({ schema: 'market', name: 'dump', comment: 'owner=none; erase=none' })
@Check('ck_dump_sha256', 'length(sha256) = 32')
export class DumpEntity {
  @ForeignKey(() => GameEntity, { name: 'fk_dump_game' })
  @PrimaryColumn('smallint', { name: 'game_id', primaryKeyConstraintName: 'pk_dump' })
  gameId: number;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_dump' })
  day: string;

  /** Files of this day so far that differ from the one before. */
  @Column('integer')
  revision: number;

  @Column('uuid', { name: 'file_id' })
  fileId: string;

  /** Of the file as it is sent, compressed. */
  @Column('bytea')
  sha256: Buffer;

  @Column('bigint', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('integer', { name: 'row_count' })
  rowCount: number;

  /** Sum of the changes of the day on all servers (day-change.entity.ts) that the file has in it. */
  @Column('bigint', { name: 'change_count' })
  changeCount: number;

  @Column('timestamptz', { name: 'made_at', default: () => 'now()' })
  madeAt: Date;
}
