import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { parseInput } from '../../platform/http/parse-input.js';
import type { RunSumsDto } from '../analytics/running-stats.dto.js';
import { RunningStats } from '../analytics/running-stats.service.js';
import { rounded, roundedOrNull, swiftInstant } from './compat-answer.js';
import { builtPeriodQuery, monthlyQuery } from './compat-bodies.js';
import { CompatRunsRepository } from './compat-runs.repository.js';
import type {
  CompatWispBuiltSummaryDto,
  CompatWispMonthsDto,
  CompatWispPeriodDto,
  CompatWispRecordsDto,
  CompatWispSummaryDto,
} from './compat-runs.dto.js';

const DAY_MS = 86_400_000;
/** The built route counts back from now, not from the start of a week. */
const BUILT_DAYS = { this_week: 7, this_month: 30, this_year: 365, all_time: null } as const;

interface Sums {
  count: number;
  distanceM: number;
  movingTimeS: number;
  caloriesKcal: number;
  elevationGainM: number;
}

/** Sums and records as the original's app reads them; those of the contract are the native ones in other words. */
@Injectable()
export class CompatStats {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly stats: RunningStats,
    private readonly rows: CompatRunsRepository,
  ) {}

  async summary(caller: Principal, now = new Date()): Promise<CompatWispSummaryDto> {
    const all = await this.stats.summary(caller, { period: 'all' }, now);
    const week = await this.stats.summary(caller, { period: 'week' }, now);
    const month = await this.stats.summary(caller, { period: 'month' }, now);
    const [best] = await this.uow.read<{ paceSPerKm: number | null }>(caller, this.rows.bestPace(caller.id));
    return {
      total_runs: all.runCount,
      total_distance: rounded(all.distanceM),
      total_moving_time: Math.round(all.movingTimeS),
      average_pace: roundedOrNull(all.averagePaceSPerKm),
      best_pace: roundedOrNull(best!.paceSPerKm),
      total_elevation_gain: rounded(all.elevationGainM),
      total_calories: Math.round(all.caloriesKcal),
      this_week: toPeriod(week),
      this_month: toPeriod(month),
    };
  }

  async monthly(caller: Principal, query: unknown, now = new Date()): Promise<CompatWispMonthsDto> {
    const { year, months } = parseInput(monthlyQuery, query);
    const { items } = await this.stats.monthly(caller, { months, ...(year !== undefined && { year }) }, now);
    return {
      monthly_stats: items.toReversed().map((item) => ({
        year: Number(item.month.slice(0, 4)),
        month: Number(item.month.slice(5, 7)),
        runs: item.runCount,
        distance: rounded(item.distanceM),
        moving_time: Math.round(item.movingTimeS),
        average_pace: roundedOrNull(item.averagePaceSPerKm),
        elevation_gain: rounded(item.elevationGainM),
      })),
    };
  }

  async records(caller: Principal): Promise<CompatWispRecordsDto> {
    const { efforts } = await this.stats.records(caller, undefined);
    return {
      personal_records: efforts.map((effort) => ({
        distance: effort.distanceM,
        best_time: Math.round(effort.elapsedTimeS),
        best_pace: rounded(effort.paceSPerKm),
        run_id: effort.runId,
        achieved_at: swiftInstant(new Date(effort.startedAt)),
      })),
    };
  }

  async built(caller: Principal, query: unknown, now = new Date()): Promise<CompatWispBuiltSummaryDto> {
    const { period } = parseInput(builtPeriodQuery, query);
    const days = BUILT_DAYS[period];
    const since = days === null ? null : new Date(now.getTime() - days * DAY_MS);
    const [sums] = await this.uow.read<Sums>(caller, this.rows.sumSince(caller.id, since));
    const { count, distanceM, movingTimeS, caloriesKcal, elevationGainM } = sums!;
    return {
      period,
      total_runs: count,
      total_distance: rounded(distanceM),
      total_time: Math.round(movingTimeS),
      total_calories: Math.round(caloriesKcal),
      total_elevation_gain: rounded(elevationGainM),
      average_distance: count === 0 ? 0 : rounded(distanceM / count),
      average_pace: distanceM > 0 ? rounded((movingTimeS * 1_000) / distanceM) : 0,
    };
  }
}

function toPeriod({ runCount, distanceM, movingTimeS }: RunSumsDto): CompatWispPeriodDto {
  return { runs: runCount, distance: rounded(distanceM), moving_time: Math.round(movingTimeS) };
}
