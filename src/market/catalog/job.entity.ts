import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GameEntity } from './game.entity.js';

/** A craft of the game (not a queue's job). Keyed by (game, external id); nobody's own; of the seed, never deleted. */
@Entity({ schema: 'market', name: 'job', comment: 'owner=none; erase=none' })
@Unique('uq_job_game_external', ['gameId', 'externalId'])
export class JobEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_job',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_job_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('integer', { name: 'external_id' })
  externalId: number;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('integer', { name: 'icon_id', nullable: true })
  iconId: number | null;
}
