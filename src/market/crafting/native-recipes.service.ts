import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { VersionedBody } from '../../platform/http/conditional.js';
import { decodeCursor, encodeCursor, toPage } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { badCursor, tooManyCrafts, unknownRecipe } from '../market.errors.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import { craftTree } from './craft-tree.js';
import { CraftingService } from './crafting.service.js';
import type { BookRecipe, RecipeBook } from './recipe-book.js';
import type { PriceMode } from './recipe-costs.js';
import {
  isWanted,
  isWorthIt,
  profitOf,
  type RankedRecipe,
  type RankPlace,
  rankOf,
  rankRecipes,
} from './recipe-ranking.js';
import type {
  CraftJobsDto,
  CraftTreeDto,
  ItemQuantityDto,
  PricedRecipesDto,
  PricedRecipesQueryDto,
  RecipeUsesDto,
  RecipeWithIngredientsDto,
} from './recipes.dto.js';
import { RecipeNames } from './recipe-names.service.js';
import {
  toCraftJobDto,
  toPricedRecipeDto,
  toRecipeDto,
  toRecipeUseDto,
  toTreeItemDto,
} from './recipes.mapper.js';
import { type JobRow, RecipesRepository } from './recipes.repository.js';

/** A recipe on a server, by the words of a path. */
export interface RecipePlace {
  game: string;
  server: string;
  recipeId: number;
}

export interface CraftOrder {
  quantity: number;
  mode: PriceMode;
  stock: readonly ItemQuantityDto[];
}

/** Recipes as the native API shows them. Names are read for what is shown, everything else is at hand. */
@Injectable()
export class NativeRecipes {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly crafting: CraftingService,
    private readonly recipes: RecipesRepository,
    private readonly terms: TradeTermsService,
    private readonly names: RecipeNames,
  ) {}

  async jobs(principal: Principal, gameKey: string): Promise<CraftJobsDto> {
    const { id } = await this.directory.game(gameKey);
    const rows = await this.uow.read<JobRow>(principal, this.recipes.jobsStatement(id));
    return { items: rows.map(toCraftJobDto) };
  }

  /** @throws DomainError unknown game or recipe */
  async recipe(principal: Principal, gameKey: string, recipeId: number): Promise<RecipeWithIngredientsDto> {
    const book = await this.book(principal, gameKey);
    return this.show(principal, book, book.byId.get(recipeId));
  }

  /** How an item is made. @throws DomainError unknown game, no recipe */
  async recipeOf(principal: Principal, gameKey: string, itemId: number): Promise<RecipeWithIngredientsDto> {
    const book = await this.book(principal, gameKey);
    return this.show(principal, book, book.byResult.get(itemId));
  }

  /** Recipes that use an item, by their ids. @throws DomainError unknown game */
  async usesOf(
    principal: Principal,
    gameKey: string,
    itemId: number,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<RecipeUsesDto> {
    const book = await this.book(principal, gameKey);
    const [after] = cursor === undefined ? [0] : decodeCursor(cursor, ['number'] as const);
    const shown = (book.uses.get(itemId) ?? []).filter(({ id }) => id > after).slice(0, limit + 1);
    const names = await this.names.of(
      principal,
      shown.map(({ resultItemId }) => resultItemId),
    );
    return toPage(
      shown,
      limit,
      ({ id }) => [id],
      (recipe) => toRecipeUseDto(recipe, itemId, book, names),
    );
  }

  /** The tag of {@link list}. @throws DomainError unknown game or server */
  async version(principal: Principal, gameKey: string, serverKey: string): Promise<string> {
    return this.crafting.version(principal, await this.directory.server(gameKey, serverKey), 'unflagged');
  }

  /** Recipes with their profit on a server. @throws DomainError unknown game or server, bad cursor */
  async list(
    principal: Principal,
    gameKey: string,
    serverKey: string,
    query: PricedRecipesQueryDto,
  ): Promise<VersionedBody<PricedRecipesDto, string>> {
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    const server = await this.directory.server(gameKey, serverKey);
    const costs = await this.crafting.costs(principal, server, 'unflagged');
    const terms = await this.terms.of(server.id); // after the version: it moves with them
    const filter = await this.names.filter(principal, server.gameId, query);
    const table = costs.table(query.priceMode);
    const wanted = costs.book.recipes
      .filter((recipe) => isWanted(recipe, filter))
      .map((recipe): RankedRecipe => ({
        recipe,
        profit: profitOf(table.costs.get(recipe.id)!, costs.priceOf(recipe.resultItemId), terms),
      }))
      .filter((ranked) => isWorthIt(ranked, filter));
    const rows = rankRecipes(wanted, query.sort, query.limit + 1, after);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const names = await this.names.of(
      principal,
      shown.map(({ recipe }) => recipe.resultItemId),
    );
    return {
      version: costs.version,
      body: {
        server: server.key,
        priceMode: query.priceMode,
        items: shown.map((row) => toPricedRecipeDto(row, costs, names)),
        nextCursor:
          last && rows.length > shown.length
            ? encodeCursor([String(rankOf(last, query.sort)), last.recipe.id])
            : null,
      },
    };
  }

  /** What so many crafts take. @throws DomainError unknown game, server or recipe; too many crafts */
  async tree(principal: Principal, place: RecipePlace, order: CraftOrder): Promise<CraftTreeDto> {
    const server = await this.directory.server(place.game, place.server);
    const { book, priceOf, table } = await this.crafting.costs(principal, server, 'unflagged');
    const recipe = book.byId.get(place.recipeId);
    if (!recipe) throw unknownRecipe();
    const stock = new Map<number, number>();
    for (const { itemId, quantity } of order.stock) stock.set(itemId, (stock.get(itemId) ?? 0) + quantity);
    const { quantity, mode } = order;
    const tree = craftTree(book, table(mode), priceOf, recipe, { quantity, stock });
    if (!tree) throw tooManyCrafts();
    const { cost, knownCost, pricedRatio } = tree;
    const unit = profitOf(
      { cost, knownCost, pricedRatio },
      priceOf(recipe.resultItemId),
      await this.terms.of(server.id),
    );
    const netProceeds = unit.netPrice === null ? null : unit.netPrice * quantity;
    const names = await this.names.of(
      principal,
      tree.items.map(({ itemId }) => itemId),
    );
    return {
      server: server.key,
      recipeId: recipe.id,
      quantity,
      mode,
      cost,
      knownCost,
      pricedRatio,
      netProceeds,
      margin: netProceeds === null || cost === null ? null : netProceeds - cost,
      items: tree.items.map((item) => toTreeItemDto(item, priceOf(item.itemId), names)),
      leftovers: tree.leftovers.map(({ itemId, quantity: left }) => ({ itemId, quantity: left })),
    };
  }

  private async show(
    principal: Principal,
    book: RecipeBook,
    recipe: BookRecipe | undefined,
  ): Promise<RecipeWithIngredientsDto> {
    if (!recipe) throw unknownRecipe();
    const itemIds = [recipe.resultItemId, ...recipe.ingredients.map(({ itemId }) => itemId)];
    return toRecipeDto(recipe, book, await this.names.of(principal, itemIds));
  }

  private async book(principal: Principal, gameKey: string): Promise<RecipeBook> {
    const { id } = await this.directory.game(gameKey);
    return this.crafting.book(principal, id);
  }
}

/** Where a page ended. @throws DomainError bad cursor */
export function placeOf(cursor: string): RankPlace {
  const [rank, recipeId] = decodeCursor(cursor, ['string', 'number'] as const);
  const number = rank === '' ? Number.NaN : Number(rank);
  if (Number.isNaN(number)) throw badCursor();
  return [number, recipeId];
}
