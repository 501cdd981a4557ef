import { dateOfDay, type DaySpan, type Period } from './calendar.js';
import type { RunSums } from './run-sums.js';
import type { EffortRow, FigureRow } from './runner-figures.repository.js';
import type {
  EffortRecordDto,
  FigureSourceDto,
  MonthStatsDto,
  RunRecordDto,
  RunSumsDto,
  StatsSummaryDto,
} from './running-stats.dto.js';

export function toRunSumsDto(sums: RunSums): RunSumsDto {
  return {
    runCount: sums.runCount,
    distanceM: sums.distanceM,
    movingTimeS: sums.movingTimeS,
    elapsedTimeS: sums.elapsedTimeS,
    elevationGainM: sums.elevationGainM,
    caloriesKcal: sums.caloriesKcal,
    averagePaceSPerKm: sums.averagePaceSPerKm,
    averageHeartRateBpm: sums.averageHeartRateBpm,
    longestRunM: sums.longestRunM,
  };
}

export function toStatsSummaryDto(period: Period, span: DaySpan | null, sums: RunSums): StatsSummaryDto {
  return {
    period,
    from: span === null ? null : dateOfDay(span.from),
    to: span === null ? null : dateOfDay(span.to - 1),
    ...toRunSumsDto(sums),
  };
}

export function toMonthStatsDto(month: DaySpan, sums: RunSums): MonthStatsDto {
  return { month: dateOfDay(month.from), ...toRunSumsDto(sums) };
}

export function toFigureSourceDto(row: {
  readonly runId: string;
  readonly title: string | null;
  readonly startedAt: Date;
}): FigureSourceDto {
  return { runId: row.runId, title: row.title, startedAt: row.startedAt.toISOString() };
}

export function toEffortRecordDto(row: EffortRow): EffortRecordDto {
  return {
    ...toFigureSourceDto(row),
    distanceM: row.distanceM,
    elapsedTimeS: row.elapsedTimeS,
    paceSPerKm: (row.elapsedTimeS * 1000) / row.distanceM,
    startM: row.startM,
  };
}

/** The run with the most of it, the earliest where several have as much; null where none has any. */
export function toRunRecordDto(
  rows: readonly FigureRow[],
  valueOf: (row: FigureRow) => number | null,
): RunRecordDto | null {
  let best: { row: FigureRow; value: number } | null = null;
  for (const row of rows) {
    const value = valueOf(row) ?? 0;
    if (value > (best?.value ?? 0)) best = { row, value };
  }
  return best === null ? null : { ...toFigureSourceDto(best.row), value: best.value };
}
