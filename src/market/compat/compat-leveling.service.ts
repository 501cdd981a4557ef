import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type JobRow, RecipesRepository } from '../crafting/recipes.repository.js';
import { iconUrl } from '../icons/market-icon.js';
import { type JobRecipe, type LevelingAnswer, LevelingService } from '../leveling/leveling.service.js';
import type { LevelingStep } from '../leveling/leveling-plan.js';
import { levelsBackwards, missingLeveling, noRecipesFound, serverRequired } from './compat.errors.js';
import { bodyOf } from './compat-body.js';
import { COMPAT_GAME } from './compat-game.js';
import { levelingBody } from './compat-leveling-body.js';
import type { CompatLevelingPlanDto, CompatLevelingStepDto } from './compat-leveling.dto.js';
import { textOf } from './compat-query.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

/**
 * The original's plan for levelling a job; where it differs is told in classic-leveling.ts. A plan that ends before its goal says so in
 * `toLevel`, and a server that nobody has seen has no prices, so its plan has no steps.
 */
@Injectable()
export class CompatLeveling implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly recipes: RecipesRepository,
    private readonly leveling: LevelingService,
  ) {}

  onModuleInit(): void {
    const plan = async (request: CompatRequest) => replyOf(await this.plan(request));
    // It changes nothing, so whoever may read may ask.
    this.resources.register('data', 'toolbox&mode=leveling', { POST: plan }, { POST: 'market:read' });
  }

  private async plan({ principal, query, body, origin }: CompatRequest): Promise<CompatLevelingPlanDto> {
    const named = bodyOf(body)['server'];
    const name = textOf(query, 'server') || (typeof named === 'string' ? named : '');
    if (name === '') throw serverRequired();
    const asked = levelingBody(body);
    if (asked === 'missing') throw missingLeveling();
    if (asked === 'backwards') throw levelsBackwards();
    const { jobId, fromLevel, toLevel, limits } = asked;
    const [{ id: gameId }, server] = await Promise.all([
      this.directory.game(COMPAT_GAME),
      this.directory.serverByName(COMPAT_GAME, name),
    ]);
    const jobs = await this.uow.read<JobRow>(principal, this.recipes.jobsStatement(gameId));
    const job = jobs.find(({ externalId }) => externalId === jobId);
    if (!job) throw noRecipesFound();
    if (!server) return { jobId, fromLevel, toLevel: fromLevel, totalCost: 0, steps: [] };
    const question = { jobId: job.id, fromLevel, toLevel, priceMode: 'strict', classic: limits } as const;
    const { plan, recipeCount, items } = await this.leveling.plan(principal, server, question);
    if (recipeCount === 0) throw noRecipesFound();
    return {
      jobId,
      fromLevel,
      toLevel: plan.reachedLevel,
      totalCost: plan.totalCost,
      steps: plan.steps.map((step) => toStepDto(step, items, origin)),
    };
  }
}

function toStepDto(
  step: LevelingStep<JobRecipe>,
  items: LevelingAnswer['items'],
  origin: string,
): CompatLevelingStepDto {
  const { recipe } = step;
  const shown = (itemId: number) => ({
    name: items.get(itemId)?.label ?? '',
    imgUrl: iconUrl(items.get(itemId)?.iconId ?? null, origin),
  });
  const { name, imgUrl } = shown(recipe.resultItemId);
  return {
    startLevel: step.startLevel,
    endLevel: step.endLevel,
    recipeId: recipe.recipeId,
    recipeName: name,
    recipeLevel: recipe.level,
    quantity: step.quantity,
    xpPerCraft: step.xpPerCraft,
    costPerCraft: recipe.cost ?? 0,
    totalCost: step.totalCost,
    totalXp: step.totalXp,
    imgUrl,
    ingredients: recipe.ingredients.map(({ itemId, quantity, price }) => ({
      id: itemId,
      ...shown(itemId),
      quantity,
      price: price ?? 0,
    })),
  };
}
