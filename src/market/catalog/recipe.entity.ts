import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GameEntity } from './game.entity.js';
import { ItemEntity } from './item.entity.js';
import { JobEntity } from './job.entity.js';

/**
 * How an item is crafted; at most one way each. Keyed by the item that results, and deleted with it. Those of the seed are the
 * platform's; custom ones are everybody's to use, and whoever made one may change it (`made_by`, forgotten with the account).
 */
@Entity({ schema: 'market', name: 'recipe', comment: 'owner=none; erase=none' })
@Unique('uq_recipe_result_item', ['resultItemId'])
@Check('ck_recipe_made_by', 'is_custom OR made_by IS NULL')
@Index('ix_recipe_made_by', ['madeBy'], { where: 'made_by IS NOT NULL' })
export class RecipeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_recipe',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_recipe_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_recipe_result_item', onDelete: 'CASCADE' })
  @Column('integer', { name: 'result_item_id' })
  resultItemId: number;

  @ForeignKey(() => JobEntity, { name: 'fk_recipe_job' })
  @Column('integer', { name: 'job_id', nullable: true })
  jobId: number | null;

  /** Level of the job that it takes. */
  @Column('smallint', { nullable: true })
  level: number | null;

  @Column('boolean', { name: 'is_custom', default: false })
  isCustom: boolean;

  @Column('uuid', { name: 'made_by', nullable: true })
  madeBy: string | null;
}
