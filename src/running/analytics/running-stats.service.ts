import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { EFFORT_DISTANCES_M } from '../analysis/best-efforts.js';
import {
  dayOf,
  dayOfDate,
  type DaySpan,
  instantsAround,
  localDay,
  monthOfDay,
  periodAround,
  yearOfDay,
} from './calendar.js';
import { sumRuns } from './run-sums.js';
import { RunnerBody } from './runner-body.service.js';
import {
  type EffortRow,
  type FigureRow,
  type RunMoment,
  RunnerFiguresRepository,
} from './runner-figures.repository.js';
import type {
  MonthlyStatsDto,
  MonthlyStatsQueryDto,
  RunRecordsDto,
  StatsSummaryDto,
  StatsSummaryQueryDto,
} from './running-stats.dto.js';
import {
  toEffortRecordDto,
  toMonthStatsDto,
  toRunRecordDto,
  toStatsSummaryDto,
} from './running-stats.mapper.js';

/** The instants around a year hold a day more at both ends: no runner has run this often within those two days. */
const MOST_OF_A_LENGTH = 50;

/** Sums and records over one's own runs, by the days of their own clocks. */
@Injectable()
export class RunningStats {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly figures: RunnerFiguresRepository,
    private readonly body: RunnerBody,
  ) {}

  summary(caller: Principal, query: StatsSummaryQueryDto, now = new Date()): Promise<StatsSummaryDto> {
    const { period, on } = query;
    return this.uow.run(caller, async (tx) => {
      const day = on === undefined ? await this.body.today(tx, caller.id, now) : dayOfDate(on);
      const span = periodAround(period, day);
      return toStatsSummaryDto(period, span, sumRuns(await this.runsOf(tx, caller.id, span)));
    });
  }

  monthly(caller: Principal, query: MonthlyStatsQueryDto, now = new Date()): Promise<MonthlyStatsDto> {
    return this.uow.run(caller, async (tx) => {
      const today = await this.body.today(tx, caller.id, now);
      const last = query.year === undefined ? today : dayOf(query.year, 12, 1);
      const months = Array.from({ length: query.months }, (_, index): DaySpan => {
        const month = monthOfDay(last) - query.months + 1 + index;
        return { from: dayOf(yearOfDay(last), month, 1), to: dayOf(yearOfDay(last), month + 1, 1) };
      });
      const rows = await this.runsOf(tx, caller.id, { from: months[0]!.from, to: months.at(-1)!.to });
      return {
        items: months.map((month) =>
          toMonthStatsDto(month, sumRuns(rows.filter((row) => isWithin(row, month)))),
        ),
      };
    });
  }

  records(caller: Principal, year: number | undefined): Promise<RunRecordsDto> {
    const span = year === undefined ? null : periodAround('year', dayOf(year, 1, 1));
    return this.uow.run(caller, async (tx) => {
      const rows = await this.runsOf(tx, caller.id, span);
      const efforts = await this.fastestOf(tx, caller.id, span);
      return {
        year: year ?? null,
        efforts: efforts.map(toEffortRecordDto),
        longestRun: toRunRecordDto(rows, (row) => row.distanceM),
        longestTime: toRunRecordDto(rows, (row) => row.movingTimeS),
        mostElevationGain: toRunRecordDto(rows, (row) => row.elevationGainM),
      };
    });
  }

  private async runsOf(tx: Tx, userId: string, span: DaySpan | null): Promise<FigureRow[]> {
    const rows = await this.figures.listRuns(tx, userId, span === null ? null : instantsAround(span));
    return span === null ? rows : rows.filter((row) => isWithin(row, span));
  }

  /** The fastest of each length. */
  private async fastestOf(tx: Tx, userId: string, span: DaySpan | null): Promise<EffortRow[]> {
    const around = span === null ? null : instantsAround(span);
    const most = span === null ? 1 : MOST_OF_A_LENGTH;
    const rows = await this.figures.listFastest(tx, userId, EFFORT_DISTANCES_M, around, most);
    const fastest = new Map<number, EffortRow>();
    for (const row of rows)
      if (!fastest.has(row.distanceM) && (span === null || isWithin(row, span)))
        fastest.set(row.distanceM, row);
    return [...fastest.values()];
  }
}

function isWithin({ startedAt, timeZone }: RunMoment, { from, to }: DaySpan): boolean {
  const day = localDay(startedAt, timeZone);
  return day >= from && day < to;
}
