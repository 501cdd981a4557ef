import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { bankCraft, heldIngredients } from '../crafting/bank-crafts.js';
import { CraftingService, type RecipeCosts } from '../crafting/crafting.service.js';
import { StockService } from '../stock/stock.service.js';
import { invalidInput } from './compat.errors.js';
import type { CompatBankCraftDto, CompatBankIngredientDto } from './compat-bank-crafts.dto.js';
import {
  rateBankCraft,
  type RatedBankCraft,
  toCompatBankCraftDto,
  toCompatBankIngredientDto,
} from './compat-bank-crafts.mapper.js';
import {
  type BankCraftOrder,
  type BankCraftsQuery,
  bankCraftsQuery,
  recipeOrJobId,
} from './compat-bank-crafts-query.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import { CompatRecipes } from './compat-recipes.service.js';
import { type CompatCall, CompatResources, replyOf } from './compat-resources.service.js';

const SORT_KEY: Record<BankCraftOrder, (craft: RatedBankCraft) => number> = {
  completeness_desc: ({ ownedCount }) => -ownedCount,
  margin_desc: ({ margin }) => -margin,
  roi_desc: ({ roi }) => -roi,
};
const STATUS_ORDER = { complete: 0, partial: 1, missing: 2 };

/** What a server has, and what lies in the bank there, by item. */
interface Bank {
  costs: RecipeCosts;
  stock: ReadonlyMap<number, number>;
}

/**
 * What can be made of the bank, as the original says it: under a profile, what lies under no profile counts too. Deviations: custom
 * recipes without job or level are found, ties go by id.
 */
@Injectable()
export class CompatBankCrafts implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly directory: CatalogDirectory,
    private readonly crafting: CraftingService,
    private readonly stock: StockService,
    private readonly recipes: CompatRecipes,
  ) {}

  onModuleInit(): void {
    this.resources.register('user', 'bank&mode=craft-opportunities', {
      GET: async (call) => replyOf(await this.opportunities(call)),
    });
    this.resources.register('user', 'bank&mode=craft-ingredients', {
      GET: async (call) => replyOf(await this.ingredients(call)),
    });
  }

  private async opportunities(call: CompatCall): Promise<CompatBankCraftDto[]> {
    const query = bankCraftsQuery(call.query);
    const bank = await this.bank(call);
    if (!bank) return [];
    const [jobs, matches] = await Promise.all([
      this.recipes.jobsById(call.principal),
      this.recipes.matches(call.principal, query.search),
    ]);
    const job = [...jobs.values()].find(({ externalId }) => externalId === query.jobId);
    const hasJob = (jobId: number | null): boolean =>
      query.jobId === null || (job && job.id === jobId) === true;
    const shown = craftsOf(bank, query)
      .filter(({ recipe }) => hasJob(recipe.jobId) && (matches === null || matches.has(recipe.resultItemId)))
      .slice(query.offset, query.offset + query.limit);
    const names = await this.recipes.names(
      call,
      shown.map(({ recipe }) => recipe.resultItemId),
      jobs,
    );
    return shown.map((craft) => toCompatBankCraftDto(craft, bank.costs, names));
  }

  private async ingredients(call: CompatCall): Promise<CompatBankIngredientDto[]> {
    const bank = await this.bank(call);
    const recipeId = recipeOrJobId(call.query, 'recipe_id');
    if (recipeId === null) throw invalidInput('recipe_id is required');
    const recipe = bank?.costs.book.byId.get(recipeId);
    if (!bank || !recipe) return [];
    const held = heldIngredients(recipe, bank.stock, (itemId) => bank.costs.priceOf(itemId));
    const itemIds = held.map(({ itemId }) => itemId);
    const names = await this.recipes.names(call, itemIds, new Map());
    return held
      .map((ingredient) => toCompatBankIngredientDto(ingredient, bank.costs, names))
      .sort(
        (a, b) =>
          STATUS_ORDER[a.status] - STATUS_ORDER[b.status] ||
          a.name.localeCompare(b.name, 'fr') ||
          a.item_id - b.item_id,
      );
  }

  /** Null for a server that nobody has seen. */
  private async bank({ principal, query }: CompatCall): Promise<Bank | null> {
    const [name, profileId] = [textOf(query, 'server'), textOf(query, 'profileId')];
    if (name === '') throw invalidInput('server is required');
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    if (!server) return null;
    const costs = await this.crafting.costs(principal, server, 'newest');
    const address = { game: COMPAT_GAME, server: server.key };
    const stock = new Map<number, number>();
    for (const row of await this.stock.listKnown(principal, address, undefined)) {
      const isMeant = profileId === '' || row.profileId === null || row.profileId === profileId;
      if (isMeant) stock.set(row.itemId!, (stock.get(row.itemId!) ?? 0) + row.quantity);
    }
    return { costs, stock };
  }
}

/** All that fit the query but for name and job, in its order. */
function craftsOf({ costs, stock }: Bank, query: BankCraftsQuery): RatedBankCraft[] {
  const { minRoi, minLevel, maxLevel } = query;
  const sortKey = SORT_KEY[query.order];
  const priceOf = (itemId: number): number | undefined => costs.priceOf(itemId);
  return costs.book.recipes
    .filter(
      ({ level, ingredients }) =>
        ingredients.length > 0 && (level === null || (level >= minLevel && level <= maxLevel)),
    )
    .map((recipe) => rateBankCraft(bankCraft(recipe, stock, priceOf), priceOf(recipe.resultItemId) ?? 0))
    .filter(
      ({ missingCount, craftCost, roi }) =>
        missingCount <= query.maxMissing && (minRoi === null || (craftCost > 0 && roi >= minRoi)),
    )
    .sort(
      (a, b) =>
        sortKey(a) - sortKey(b) ||
        a.missingCount - b.missingCount ||
        (b.recipe.level ?? 0) - (a.recipe.level ?? 0) ||
        a.recipe.id - b.recipe.id,
    );
}
