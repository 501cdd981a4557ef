import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GameEntity } from './game.entity.js';

/**
 * A world of a game with prices of its own. Keyed by (game, key) in paths and by (game, name) as clients send it; nobody's
 * own; added by a seed or by the first batch that names it, never renamed, never deleted.
 */
@Entity({ schema: 'market', name: 'server', comment: 'owner=none; erase=none' })
@Unique('uq_server_game_key', ['gameId', 'key'])
@Unique('uq_server_game_name', ['gameId', 'name'])
export class ServerEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'smallint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_server',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_server_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @Column('text')
  key: string;

  @Column('text')
  name: string;
}
