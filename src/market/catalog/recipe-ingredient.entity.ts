import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ItemEntity } from './item.entity.js';
import { RecipeEntity } from './recipe.entity.js';

/** So many of an item go into one craft. Keyed by (recipe, item) and deleted with either; nobody's own; replaced by a seed. */
@Entity({ schema: 'market', name: 'recipe_ingredient', comment: 'owner=none; erase=none' })
@Check('ck_recipe_ingredient_quantity', 'quantity > 0')
@Index('ix_recipe_ingredient_item', ['itemId'])
export class RecipeIngredientEntity {
  @ForeignKey(() => RecipeEntity, { name: 'fk_recipe_ingredient_recipe', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { name: 'recipe_id', primaryKeyConstraintName: 'pk_recipe_ingredient' })
  recipeId: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_recipe_ingredient_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { name: 'item_id', primaryKeyConstraintName: 'pk_recipe_ingredient' })
  itemId: number;

  @Column('integer')
  quantity: number;
}
