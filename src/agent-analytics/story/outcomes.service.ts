import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { settledBefore } from '../figures/session-state.js';
import type { StoryNames } from '../figures/story-names.js';
import type { RecentRangeQueryDto } from '../range-query.dto.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type { EndingsDto, WasteDto, WasteQueryDto } from './outcomes.dto.js';
import { toPairOutcome, toWasteFigures, toWasteGroups } from './outcomes.mapper.js';
import { type EndingRow, OutcomesRepository, type PairRow, type WasteRow } from './outcomes.repository.js';
import { ratio } from './story.mapper.js';

/** How stories ended, and what those cost that did not. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly outcomes: OutcomesRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async endings(caller: Principal, query: RecentRangeQueryDto, nowMs = Date.now()): Promise<EndingsDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const settled = settledBefore(nowMs);
    const told = this.outcomes.endingsStatement(project, range, settled, this.names.endingScore);
    const freshness = await this.projects.freshness(caller, project);
    const [[counted], pairs, endings] = await Promise.all([
      this.uow.read<{ count: number }>(caller, this.outcomes.countStatement(project, range)),
      this.uow.read<PairRow>(caller, this.outcomes.pairsStatement(project, range, settled)),
      this.uow.read<EndingRow>(caller, told),
    ]);
    const items = pairs.map((pair) => toPairOutcome(pair, endings));
    return { ...freshness, sessionCount: counted!.count, items };
  }

  async waste(caller: Principal, query: WasteQueryDto, nowMs = Date.now()): Promise<WasteDto> {
    const { groupBy } = query;
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const settled = settledBefore(nowMs);
    const freshness = await this.projects.freshness(caller, project);
    const [[sums], rows] = await Promise.all([
      this.uow.read<WasteRow>(caller, this.outcomes.wasteTotalStatement(project, range, settled)),
      this.uow.read<WasteRow>(caller, this.outcomes.wasteStatement(project, range, settled, groupBy)),
    ]);
    const { costUsd, activeCostUsd, completeCount } = sums!;
    return {
      ...freshness,
      groupBy,
      total: toWasteFigures(sums!),
      costPerCompleteUsd: ratio(costUsd - activeCostUsd, completeCount),
      items: toWasteGroups(groupBy, rows, this.names),
    };
  }
}
