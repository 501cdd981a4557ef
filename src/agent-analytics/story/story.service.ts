import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { LATENCY_BANDS_S } from '../figures/latency-bands.js';
import { settledBefore } from '../figures/session-state.js';
import type { StoryNames } from '../figures/story-names.js';
import type { RecentRangeQueryDto } from '../range-query.dto.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type { ChoiceRoundsDto, ChoicesDto, FunnelDto, TurnLatencyDto } from './story.dto.js';
import {
  toChapterWaits,
  toChoiceFigures,
  toChoiceRounds,
  toFunnelSteps,
  toLatencyBands,
} from './story.mapper.js';
import {
  type BandRow,
  type ChapterWaitRow,
  type ChoiceRow,
  type FunnelRow,
  type RoundChoiceRow,
  type RoundRow,
  StoryRepository,
} from './story.repository.js';

/** How stories go: how far players come, what they choose, and what waiting does to them. */
@Injectable()
export class StoryService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly story: StoryRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async funnel(caller: Principal, query: RecentRangeQueryDto, nowMs = Date.now()): Promise<FunnelDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const freshness = await this.projects.freshness(caller, project);
    const [[counted], rows] = await Promise.all([
      this.uow.read<{ count: number }>(caller, this.story.countStatement(project, range)),
      this.uow.read<FunnelRow>(caller, this.story.funnelStatement(project, range)),
    ]);
    const sessionCount = counted!.count;
    return { ...freshness, sessionCount, items: toFunnelSteps(rows, sessionCount, this.names) };
  }

  async choices(caller: Principal, query: RecentRangeQueryDto, nowMs = Date.now()): Promise<ChoicesDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const freshness = await this.projects.freshness(caller, project);
    const [[offers], rows] = await Promise.all([
      this.uow.read<{ offerCount: number; unpickedCount: number }>(
        caller,
        this.story.offersStatement(project, range),
      ),
      this.uow.read<ChoiceRow>(caller, this.story.choicesStatement(project, range, settledBefore(nowMs))),
    ]);
    const { offerCount, unpickedCount } = offers!;
    return { ...freshness, offerCount, unpickedCount, items: rows.map(toChoiceFigures) };
  }

  async choiceRounds(
    caller: Principal,
    query: RecentRangeQueryDto,
    nowMs = Date.now(),
  ): Promise<ChoiceRoundsDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const settled = settledBefore(nowMs);
    const freshness = await this.projects.freshness(caller, project);
    const [rounds, choices] = await Promise.all([
      this.uow.read<RoundRow>(caller, this.story.roundsStatement(project, range, settled)),
      this.uow.read<RoundChoiceRow>(caller, this.story.roundChoicesStatement(project, range, settled)),
    ]);
    return { ...freshness, items: toChoiceRounds(rounds, choices) };
  }

  async turnLatency(
    caller: Principal,
    query: RecentRangeQueryDto,
    nowMs = Date.now(),
  ): Promise<TurnLatencyDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const freshness = await this.projects.freshness(caller, project);
    const settled = settledBefore(nowMs);
    const bandsStatement = this.story.bandsStatement(project, range, settled, LATENCY_BANDS_S);
    const [[row], bands, chapters] = await Promise.all([
      this.uow.read<{ quantilesMs: number[] | null }>(caller, this.story.quantilesStatement(project, range)),
      this.uow.read<BandRow>(caller, bandsStatement),
      this.uow.read<ChapterWaitRow>(caller, this.story.chapterWaitsStatement(project, range, settled)),
    ]);
    const [p50Ms = null, p90Ms = null, p95Ms = null, p99Ms = null] = row!.quantilesMs ?? [];
    const items = toLatencyBands(bands);
    const turnCount = items.reduce((sum, band) => sum + band.turnCount, 0);
    const waits = toChapterWaits(chapters, this.names);
    return { ...freshness, turnCount, p50Ms, p90Ms, p95Ms, p99Ms, items, chapters: waits };
  }
}
