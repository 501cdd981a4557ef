import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';

/**
 * The filling of a game with the demo world, which takes many transactions: what it was begun with, and whether it came to its
 * end. Keyed by game; nobody's own; written by start-up, never deleted.
 */
@Entity({ schema: 'market', name: 'demo_fill', comment: 'owner=none; erase=none' })
export class DemoFillEntity {
  @ForeignKey(() => GameEntity, { name: 'fk_demo_fill_game' })
  @PrimaryColumn('smallint', { name: 'game_id', primaryKeyConstraintName: 'pk_demo_fill' })
  gameId: number;

  @Column('integer')
  seed: number;

  /** Instant of the last point: with the seed it makes the same points again. */
  @Column('timestamptz', { name: 'end_at' })
  endAt: Date;

  /** Null until every point is stored. */
  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
