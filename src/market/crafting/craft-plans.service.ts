import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { craftPlanRefused } from '../market.errors.js';
import { StockService } from '../stock/stock.service.js';
import { netOfSale } from '../terms/trade-terms.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import { bestPlan, planOf, type PlanProblem, planProblem, programOf } from './craft-plan.js';
import type { CraftPlanWish } from './craft-plan-input.js';
import type { MadePlan } from './craft-plan.mapper.js';
import { CraftingService } from './crafting.service.js';
import { ProgramSolver } from './program-solver.service.js';
import type { BookRecipe, RecipeBook } from './recipe-book.js';
import { type JobRow, type RecipeItemRow, RecipesRepository } from './recipes.repository.js';

/** What is best made of a bank. Nothing is kept. */
@Injectable()
export class CraftPlans {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly crafting: CraftingService,
    private readonly recipes: RecipesRepository,
    private readonly stock: StockService,
    private readonly terms: TradeTermsService,
    private readonly solver: ProgramSolver,
  ) {}

  /** @throws DomainError unknown game, server or profile; an item, recipe or job that is not there; too many plans at once */
  async make(
    caller: Principal,
    place: { game: string; server: string },
    wish: CraftPlanWish,
  ): Promise<MadePlan> {
    const server = await this.directory.server(place.game, place.server);
    const stock = await this.stockOf(caller, place, wish);
    const [costs, terms, jobs] = await Promise.all([
      this.crafting.costs(caller, server, 'unflagged'),
      this.terms.of(server.id),
      this.uow.read<JobRow>(caller, this.recipes.jobsStatement(server.gameId)),
    ]);
    const faults = [
      ...(await this.stockFaults(caller, server.gameId, wish)),
      ...recipeFaults(costs.book, wish),
      ...jobFaults(jobs, wish),
    ];
    if (faults.length > 0) throw craftPlanRefused(faults);
    const market = {
      book: costs.book,
      priceOf: (itemId: number) => costs.priceOf(itemId),
      netOf: (price: number) => netOfSale(price, terms),
    };
    const problem = planProblem(market, {
      stock,
      budget: wish.budget,
      maxPerRecipe: wish.maxPerRecipe,
      isAllowed: allowedBy(jobs, wish),
      recipeIds: wish.recipeIds ? new Set(wish.recipeIds) : null,
      isStockValued: wish.valueStockAt === 'market',
    });
    const { isOptimal, counts } = await this.solve(problem);
    const labels = await this.labels(caller, problem);
    return { plan: bestPlan(problem, counts), problem, isOptimal, terms, labels };
  }

  private async stockOf(
    caller: Principal,
    place: { game: string; server: string },
    { profileId, stock = [] }: CraftPlanWish,
  ): Promise<Map<number, number>> {
    if (profileId !== undefined) return this.stock.quantities(caller, { ...place, profileId });
    const sums = new Map<number, number>();
    for (const { itemId, quantity } of stock) sums.set(itemId, (sums.get(itemId) ?? 0) + quantity);
    return sums;
  }

  /** Without candidates there is nothing to solve: the empty plan is the best. */
  private async solve(problem: PlanProblem): Promise<{ isOptimal: boolean; counts: number[] | null }> {
    if (problem.recipes.length === 0) return { isOptimal: true, counts: null };
    const { isOptimal, values } = await this.solver.solve(programOf(problem));
    const counts = values && problem.recipes.map((_, at) => Math.round(values.get(`c${at}`) ?? 0));
    // What holds only to the solver's tolerance is no proof of anything.
    return { isOptimal: isOptimal && counts !== null && planOf(problem, counts) !== null, counts };
  }

  private async stockFaults(
    caller: Principal,
    gameId: number,
    { stock = [] }: CraftPlanWish,
  ): Promise<InputFault[]> {
    const statement = this.recipes.knownItemsStatement(
      gameId,
      stock.map(({ itemId }) => itemId),
    );
    const rows = await this.uow.run(caller, (tx) => tx.query<{ id: number }>(statement));
    const known = new Set(rows.map(({ id }) => id));
    return stock.flatMap(({ itemId }, at) => (known.has(itemId) ? [] : [unknownAt(`/stock/${at}/itemId`)]));
  }

  private async labels(caller: Principal, { items }: PlanProblem): Promise<ReadonlyMap<number, string>> {
    const statement = this.recipes.itemsStatement([...items.keys()]);
    const rows = await this.uow.run(caller, (tx) => tx.query<RecipeItemRow>(statement));
    return new Map(rows.map(({ id, label }) => [id, label]));
  }
}

const unknownAt = (pointer: string): InputFault => ({ pointer, code: 'unknown', detail: 'is not there' });

function recipeFaults(book: RecipeBook, { recipeIds = [] }: CraftPlanWish): InputFault[] {
  return recipeIds.flatMap((id, at) => (book.byId.has(id) ? [] : [unknownAt(`/recipeIds/${at}`)]));
}

function jobFaults(jobs: readonly JobRow[], { jobs: wanted = [] }: CraftPlanWish): InputFault[] {
  const known = new Set(jobs.map(({ externalId }) => externalId));
  return wanted.flatMap(({ jobId }, at) => (known.has(jobId) ? [] : [unknownAt(`/jobs/${at}/jobId`)]));
}

/** What the caller can craft and wants to: what anybody may have made up is left out unless it is asked for. */
function allowedBy(jobs: readonly JobRow[], wish: CraftPlanWish): (recipe: BookRecipe) => boolean {
  const named = new Set(wish.recipeIds);
  const isWanted = ({ id, isCustom }: BookRecipe): boolean =>
    !isCustom || wish.includeCustom || named.has(id);
  const isCraftable = craftableBy(jobs, wish);
  return (recipe) => isWanted(recipe) && isCraftable(recipe);
}

/** Of a job that is named twice the last level counts. */
function craftableBy(
  jobs: readonly JobRow[],
  { jobs: wanted }: CraftPlanWish,
): (recipe: BookRecipe) => boolean {
  if (wanted === undefined) return () => true;
  const levelOf = new Map(wanted.map(({ jobId, level }) => [jobId, level]));
  const levels = new Map(jobs.map(({ id, externalId }) => [id, levelOf.get(externalId) ?? 0]));
  return ({ jobId, level }) => jobId === null || (levels.get(jobId) ?? 0) >= Math.max(1, level ?? 1);
}
