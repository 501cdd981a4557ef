import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A game whose market is watched. Keyed by `key`, the word in paths; nobody's own; added by a seed and never deleted. */
@Entity({ schema: 'market', name: 'game', comment: 'owner=none; erase=none' })
@Unique('uq_game_key', ['key'])
export class GameEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'smallint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_game',
  })
  id: number;

  @Column('text')
  key: string;

  @Column('text')
  name: string;

  /** Of the seed file applied last; null before the first. */
  @Column('text', { name: 'catalog_checksum', nullable: true })
  catalogChecksum: string | null;

  /** The same of what grows where. */
  @Column('text', { name: 'harvest_checksum', nullable: true })
  harvestChecksum: string | null;

  /** Moves when a name or an id comes to mean another item (item-cache.ts). */
  @Column('integer', { name: 'catalog_epoch', default: 1 })
  catalogEpoch: number;

  /** Moves with every change of a recipe. */
  @Column('integer', { name: 'recipes_version', default: 1 })
  recipesVersion: number;

  /** Moves with every change of what selling costs, in the game or on one of its servers. */
  @Column('integer', { name: 'terms_version', default: 1 })
  termsVersion: number;
}
