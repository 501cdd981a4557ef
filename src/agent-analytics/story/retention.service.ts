import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { localDayOf } from '../figures/bucket-starts.js';
import { type Cohort, cohortsOf } from '../figures/cohorts.js';
import { bucketsOf } from '../metrics/series.service.js';
import { Projects } from '../sync/projects.service.js';
import type { RetentionDto, RetentionQueryDto } from './retention.dto.js';
import {
  type CohortQuestion,
  type CohortReturnRow,
  type CohortStartRow,
  RetentionRepository,
} from './retention.repository.js';

const MOST_COHORTS = 500;
const DAY_MS = 86_400_000;

/** Players who come back. Nobody is named: figures are of cohorts. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly retention: RetentionRepository,
  ) {}

  /** @throws DomainError unknown project or zone, a range backwards or of too many weeks */
  async cohorts(caller: Principal, query: RetentionQueryDto, nowMs = Date.now()): Promise<RetentionDto> {
    const { groupBy, tz, weeks } = query;
    const projectId = this.projects.resolve(query.project);
    const { environment, ...range } = this.projects.range(query);
    const { span } = bucketsOf({ bucket: 'week', tz }, range, nowMs);
    // Whoever began in the range may have come back after it.
    const untilNow = { from: span.from, to: new Date(Math.max(nowMs, span.to.getTime())) };
    const { starts } = bucketsOf({ bucket: 'week', tz }, untilNow, nowMs);
    const question: CohortQuestion = { projectId, environment, span, group: groupBy, weekStarts: starts };
    const freshness = await this.projects.freshness(caller, projectId);
    const [began, returned, [playerless]] = await Promise.all([
      this.uow.read<CohortStartRow>(caller, this.retention.startsStatement(question)),
      this.uow.read<CohortReturnRow>(caller, this.retention.returnsStatement(question)),
      this.uow.read<{ count: number }>(caller, this.retention.playerlessStatement(question)),
    ]);
    const thisWeek = starts.findLastIndex((start) => start <= nowMs);
    const rangeEnd = starts.findLastIndex((start) => start < span.to.getTime());
    const places = starts.slice(0, rangeEnd + 1).map((_start, place) => String(place));
    const keys = groupBy === 'week' ? places : [...new Set(began.map(({ key }) => key))].sort(byName);
    const found = cohortsOf(keys, began, returned, thisWeek, weeks);
    const nameOf = ({ key }: Cohort): string | null =>
      groupBy === 'week' ? dateOf(starts[Number(key)]!, tz) : key;
    const sorted = groupBy === 'week' ? found : [...found].sort((a, b) => b.playerCount - a.playerCount);
    return {
      ...freshness,
      groupBy,
      tz,
      playerCount: found.reduce((sum, { playerCount }) => sum + playerCount, 0),
      playerlessCount: playerless!.count,
      items: (groupBy === 'week' ? sorted : sorted.slice(0, MOST_COHORTS)).map((cohort) => ({
        key: nameOf(cohort),
        playerCount: cohort.playerCount,
        weeks: [...cohort.weeks],
      })),
    };
  }
}

function byName(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a !== null && (b === null || a < b) ? -1 : 1;
}

function dateOf(startMs: number, tz: string): string {
  return new Date(localDayOf(startMs, tz) * DAY_MS).toISOString().slice(0, 10);
}
