import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type JobRow, RecipesRepository } from '../crafting/recipes.repository.js';
import { levelingRefused, unknownJob } from '../market.errors.js';
import type { LevelingPlanDto, LevelingPlanQueryDto } from './leveling.dto.js';
import { toLevelingPlanDto } from './leveling.mapper.js';
import { LevelingService } from './leveling.service.js';
import { SCARCITY } from './scarcity.js';

/** Plans as the native API asks for them. */
@Injectable()
export class LevelingDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly recipes: RecipesRepository,
    private readonly leveling: LevelingService,
  ) {}

  /** @throws DomainError unknown game, server or job; levels the wrong way round; limits that the method does not have */
  async plan(
    caller: Principal,
    place: { game: string; server: string },
    query: LevelingPlanQueryDto,
  ): Promise<LevelingPlanDto> {
    const server = await this.directory.server(place.game, place.server);
    assertMakesSense(query);
    const jobs = await this.uow.read<JobRow>(caller, this.recipes.jobsStatement(server.gameId));
    if (!jobs.some(({ id }) => id === query.jobId)) throw unknownJob();
    const { jobId, fromLevel, toLevel, priceMode, method } = query;
    const classic =
      method === 'classic'
        ? { scarcity: SCARCITY[query.scarcity ?? 'none'], maxPerRecipe: query.maxPerRecipe ?? null }
        : undefined;
    const question = { jobId, fromLevel, toLevel, priceMode, classic };
    return toLevelingPlanDto(server.key, query, await this.leveling.plan(caller, server, question));
  }
}

function assertMakesSense({
  fromLevel,
  toLevel,
  method,
  scarcity,
  maxPerRecipe,
}: LevelingPlanQueryDto): void {
  if (fromLevel >= toLevel) throw levelingRefused('/toLevel', 'must lie above fromLevel');
  if (method === 'classic') return;
  if (scarcity !== undefined) throw levelingRefused('/scarcity', 'is for the method classic');
  if (maxPerRecipe !== undefined) throw levelingRefused('/maxPerRecipe', 'is for the method classic');
}
