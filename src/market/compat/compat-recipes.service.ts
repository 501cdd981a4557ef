import { Injectable, type OnModuleInit } from '@nestjs/common';
import { assertMay } from '../../platform/auth/assert-may.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { likePattern } from '../catalog/items.repository.js';
import { CraftingService, type RecipeCosts } from '../crafting/crafting.service.js';
import type { BookRecipe } from '../crafting/recipe-book.js';
import { RecipeWrites } from '../crafting/recipe-writes.service.js';
import { type JobRow, type RecipeItemRow, RecipesRepository } from '../crafting/recipes.repository.js';
import { bodyOf } from './compat-body.js';
import { invalidRecipe, missingParams, missingServer } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import type {
  CompatJobDto,
  CompatRecipeDetailsDto,
  CompatRecipeDto,
  CompatRecipeUsageDto,
} from './compat-recipes.dto.js';
import {
  nameOfJob,
  rate,
  type RatedRecipe,
  type RecipeNames,
  toCompatRecipeDto,
  toCompatRecipeIngredientDto,
  toCompatRecipeUsageDto,
} from './compat-recipes.mapper.js';
import {
  recipeBody,
  type RecipeOrder,
  type RecipesQuery,
  recipesQuery,
  usageQuery,
} from './compat-recipes-query.js';
import { textOf } from './compat-query.js';
import { type CompatCall, type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

/** The original's jobs have an instant at which their rows were made; ours are facts of the game. */
const FACTS_MADE_AT = '2024-12-10T00:00:00+00:00';

const SORT_KEY: Record<RecipeOrder, (rated: RatedRecipe) => number> = {
  margin_desc: ({ margin }) => -margin,
  roi_desc: ({ roi }) => -roi,
  level_desc: ({ recipe }) => -(recipe.level ?? 0),
  level_asc: ({ recipe }) => recipe.level ?? 0,
  cost_asc: ({ craftCost }) => craftCost,
  estimated_margin_desc: ({ estimatedMargin }) => -estimatedMargin,
  estimated_roi_desc: ({ estimatedRoi }) => -estimatedRoi,
};

/**
 * The original's recipes. Deviations: custom recipes are found (there the filters of job and level hide them), `level_asc` is known,
 * what is equal in all that the original sorts by goes by id, and what others made is not changed by strangers.
 */
@Injectable()
export class CompatRecipes implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly crafting: CraftingService,
    private readonly recipes: RecipesRepository,
    private readonly writes: RecipeWrites,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'recipes', {
      GET: async (call) => replyOf(await this.list(call)),
      POST: async (request) => replyOf(await this.put(request)),
    });
    this.resources.register('data', 'recipes&mode=jobs', {
      GET: async (call) => replyOf(await this.jobs(call)),
    });
    this.resources.register('data', 'recipes&mode=usage', {
      GET: async (call) => replyOf(await this.usage(call)),
    });
  }

  private async jobs({ principal }: CompatCall): Promise<CompatJobDto[]> {
    const { id } = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<JobRow>(principal, this.recipes.jobsStatement(id));
    return rows
      .map((row) => ({
        id: row.externalId,
        name: nameOfJob(row),
        icon_id: row.iconId,
        created_at: FACTS_MADE_AT,
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr') || a.id - b.id);
  }

  private async list(call: CompatCall): Promise<CompatRecipeDto[] | CompatRecipeDetailsDto> {
    const query = recipesQuery(call.query);
    const costs = await this.costs(call);
    if (!costs) return [];
    const jobs = await this.jobsById(call.principal);
    const wanted = await this.wanted(call.principal, costs, query, jobs);
    const shown = wanted.slice(query.offset, query.offset + query.limit);
    const open = query.recipeId === null ? [] : shown;
    const itemIds = [
      ...shown.map(({ recipe }) => recipe.resultItemId),
      ...open.flatMap(({ recipe }) => recipe.ingredients.map(({ itemId }) => itemId)),
    ];
    const names = await this.names(call, itemIds, jobs);
    const dtos = shown.map((rated) => toCompatRecipeDto(rated, costs, names));
    if (query.recipeId === null || !shown[0]) return dtos;
    const ingredients = shown[0].recipe.ingredients.map((ingredient) =>
      toCompatRecipeIngredientDto(ingredient, costs, names),
    );
    return { ...dtos[0]!, ingredients };
  }

  private async usage(call: CompatCall): Promise<CompatRecipeUsageDto[]> {
    const label = textOf(call.query, 'item_name');
    if (label === '' || textOf(call.query, 'server') === '') throw missingParams('server, item_name');
    const costs = await this.costs(call);
    const { id: gameId } = await this.directory.game(COMPAT_GAME);
    const [item] = await this.uow.read<{ id: number }>(
      call.principal,
      this.recipes.itemByLabelStatement(gameId, label),
    );
    if (!costs || !item) return [];
    const { search, limit, offset } = usageQuery(call.query);
    const matches = await this.matches(call.principal, search);
    const rated = (costs.book.uses.get(item.id) ?? [])
      .filter(({ resultItemId }) => matches === null || matches.has(resultItemId))
      .map((recipe) => ratedOf(recipe, costs))
      .sort((a, b) => b.margin - a.margin || a.recipe.id - b.recipe.id);
    const shown = rated.slice(offset, offset + limit);
    const itemIds = shown.map(({ recipe }) => recipe.resultItemId);
    const names = await this.names(call, itemIds, await this.jobsById(call.principal));
    return shown.map((row) => toCompatRecipeUsageDto(row, item.id, rated.length, names));
  }

  private async put(request: CompatRequest): Promise<{ success: true }> {
    const body = recipeBody(bodyOf(request.body));
    if (!body) throw invalidRecipe();
    const { id: gameId } = await this.directory.game(COMPAT_GAME);
    const { target, jobId, ...rest } = body;
    const resultItemId =
      'resultItemId' in target
        ? target.resultItemId
        : (await this.crafting.book(request.principal, gameId)).byId.get(target.recipeId)?.resultItemId;
    if (resultItemId === undefined) throw invalidRecipe();
    const jobs = await this.jobsById(request.principal);
    const job = [...jobs.values()].find(({ externalId }) => externalId === jobId);
    if (jobId != null && !job) throw invalidRecipe();
    const draft = { ...rest, resultItemId, jobId: jobId === undefined ? undefined : (job?.id ?? null) };
    await this.writes
      .put(request.principal, gameId, draft)
      .catch((error: unknown) => refuse(error, request.principal));
    return { success: true };
  }

  /** The recipes that are asked for, in the order that is asked for. */
  private async wanted(
    principal: Principal,
    costs: RecipeCosts,
    query: RecipesQuery,
    jobs: ReadonlyMap<number, JobRow>,
  ): Promise<RatedRecipe[]> {
    const { recipeId, resultItemId, minRoi, order } = query;
    if (recipeId !== null) {
      const recipe = costs.book.byId.get(recipeId);
      return recipe ? [ratedOf(recipe, costs)] : [];
    }
    const matches = await this.matches(principal, query.search);
    const sortKey = SORT_KEY[order];
    return costs.book.recipes
      .filter(
        (recipe) =>
          (resultItemId === null || recipe.resultItemId === resultItemId) &&
          (matches === null || matches.has(recipe.resultItemId)) &&
          (query.jobId === null ||
            (recipe.jobId !== null && jobs.get(recipe.jobId)?.externalId === query.jobId)) &&
          (recipe.level === null || (recipe.level >= query.minLevel && recipe.level <= query.maxLevel)),
      )
      .map((recipe) => ratedOf(recipe, costs))
      .filter(({ roi, craftCost }) => minRoi === null || (craftCost > 0 && roi >= minRoi))
      .sort(
        (a, b) =>
          sortKey(a) - sortKey(b) ||
          (b.recipe.level ?? 0) - (a.recipe.level ?? 0) ||
          a.recipe.id - b.recipe.id,
      );
  }

  /** Null for a server that nobody has seen. */
  private async costs({ principal, query }: CompatCall): Promise<RecipeCosts | null> {
    const name = textOf(query, 'server');
    if (name === '') throw missingServer();
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    return server ? this.crafting.costs(principal, server, 'newest') : null;
  }

  /** Results whose name holds the folded text; null when any will do. */
  async matches(principal: Principal, search: string): Promise<ReadonlySet<number> | null> {
    if (search === '') return null;
    const { id } = await this.directory.game(COMPAT_GAME);
    const statement = this.recipes.matchesStatement(id, likePattern(search));
    const rows = await this.uow.run(principal, (tx) => tx.query<{ id: number }>(statement));
    return new Set(rows.map((row) => row.id));
  }

  /** Jobs of the game by our ids. */
  async jobsById(principal: Principal): Promise<ReadonlyMap<number, JobRow>> {
    const { id } = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<JobRow>(principal, this.recipes.jobsStatement(id));
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** What names the given items, with the given jobs. */
  async names(
    { principal, origin }: CompatCall,
    itemIds: readonly number[],
    jobs: ReadonlyMap<number, JobRow>,
  ): Promise<RecipeNames> {
    const statement = this.recipes.itemsStatement(itemIds);
    const rows = await this.uow.run(principal, (tx) => tx.query<RecipeItemRow>(statement));
    return { items: new Map(rows.map((row) => [row.id, row])), jobs, origin };
  }
}

function ratedOf(recipe: BookRecipe, costs: RecipeCosts): RatedRecipe {
  return rate(recipe, costs.classic().get(recipe.id)!, costs.priceOf(recipe.resultItemId) ?? 0);
}

/** What others made takes a curator; who came without a token may still bring one. */
function refuse(error: unknown, principal: Principal): never {
  if (!(error instanceof DomainError)) throw error;
  if (error.kind === 'forbidden') assertMay(principal, 'market:curate');
  throw invalidRecipe(error.faults[0]?.detail);
}
