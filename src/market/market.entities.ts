import { CategoryEntity } from './catalog/category.entity.js';
import { GameEntity } from './catalog/game.entity.js';
import { ItemEntity } from './catalog/item.entity.js';
import { ItemTypeEntity } from './catalog/item-type.entity.js';
import { JobEntity } from './catalog/job.entity.js';
import { RecipeEntity } from './catalog/recipe.entity.js';
import { RecipeIngredientEntity } from './catalog/recipe-ingredient.entity.js';
import { ServerEntity } from './catalog/server.entity.js';
import { SourceEntity } from './catalog/source.entity.js';
import { LatestEntity } from './prices/latest.entity.js';
import { ObservationEntity } from './prices/observation.entity.js';
import { ServerVersionEntity } from './prices/server-version.entity.js';
import { DemoFillEntity } from './simulation/demo-fill.entity.js';

/** Every table of the schema `market`. */
export const MARKET_ENTITIES = [
  GameEntity,
  ServerEntity,
  CategoryEntity,
  ItemTypeEntity,
  JobEntity,
  ItemEntity,
  RecipeEntity,
  RecipeIngredientEntity,
  SourceEntity,
  ObservationEntity,
  LatestEntity,
  ServerVersionEntity,
  DemoFillEntity,
] as const;
