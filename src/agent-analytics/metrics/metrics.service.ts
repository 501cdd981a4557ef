import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { byChapter, type Chapter, chapterName, chapterOf } from '../figures/chapters.js';
import { settledBefore } from '../figures/session-state.js';
import type { StoryNames } from '../figures/story-names.js';
import type { RecentRangeQueryDto } from '../range-query.dto.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import { bucketsOf } from './series.service.js';
import type {
  CostDto,
  CostQueryDto,
  CostsDto,
  DashboardDto,
  AgentSeriesDto,
  SeriesQueryDto,
} from './metrics.dto.js';
import { type CostRow, type DashboardRow, MetricsRepository, type PointRow } from './metrics.repository.js';

@Injectable()
export class MetricsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly metrics: MetricsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async dashboard(caller: Principal, query: RecentRangeQueryDto, nowMs = Date.now()): Promise<DashboardDto> {
    const project = this.projects.resolve(query.project);
    const statement = this.metrics.dashboardStatement(
      project,
      this.projects.recentRange(query, nowMs),
      settledBefore(nowMs),
    );
    const freshness = await this.projects.freshness(caller, project);
    const [row] = await this.uow.read<DashboardRow>(caller, statement);
    const { sessionCount, activeCount, completeCount, traceCount, errorCount, costUsd } = row!;
    return {
      ...freshness,
      sessionCount,
      activeCount,
      completeCount,
      abandonedCount: sessionCount - activeCount - completeCount,
      traceCount,
      errorCount,
      costUsd,
      costPerSessionUsd: sessionCount === 0 ? null : costUsd / sessionCount,
      totalTokens: row!.totalTokens,
      meanLatencyS: row!.meanLatencyS,
    };
  }

  /** @throws DomainError unknown project or zone, a range backwards or of too many buckets */
  async series(caller: Principal, query: SeriesQueryDto, nowMs = Date.now()): Promise<AgentSeriesDto> {
    const { bucket, tz } = query;
    const project = this.projects.resolve(query.project);
    const { environment, ...range } = this.projects.range(query);
    const { span, starts } = bucketsOf(query, range, nowMs);
    const statement = this.metrics.seriesStatement(project, span, environment, starts);
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<PointRow>(caller, statement);
    const items = rows.map(({ from, ...figures }) => ({
      from: from.toISOString(),
      sessionCount: figures.sessionCount,
      traceCount: figures.traceCount,
      errorCount: figures.errorCount,
      costUsd: figures.costUsd,
      totalTokens: figures.totalTokens,
      meanLatencyS: figures.meanLatencyS,
    }));
    return { ...freshness, bucket, tz, items };
  }

  async costs(caller: Principal, query: CostQueryDto, nowMs = Date.now()): Promise<CostsDto> {
    const { groupBy } = query;
    const project = this.projects.resolve(query.project);
    const statement = this.metrics.costsStatement(project, this.projects.recentRange(query, nowMs), groupBy);
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<CostRow>(caller, statement);
    const items =
      groupBy === 'chapter' ? toChapterCosts(rows, this.names) : rows.map((row) => toCostDto(row, row.key));
    return { ...freshness, groupBy, items };
  }
}

const NO_CHAPTER: Chapter = { tag: '\uFFFF', number: null };

/** In the order of the story; what has no chapter comes last. */
function toChapterCosts(rows: readonly CostRow[], names: StoryNames): CostDto[] {
  return rows
    .map((row) => ({ row, chapter: row.key === null ? null : chapterOf([row.key], names) }))
    .sort((a, b) => byChapter(a.chapter ?? NO_CHAPTER, b.chapter ?? NO_CHAPTER))
    .map(({ row, chapter }) => toCostDto(row, chapter && chapterName(chapter, names)));
}

function toCostDto({ count, costUsd, totalTokens }: CostRow, key: string | null): CostDto {
  return { key, count, costUsd, totalTokens };
}
