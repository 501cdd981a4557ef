import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { loadDays } from '../analysis/training-load.js';
import { invalidSpan } from '../running.errors.js';
import { dateOfDay, dayOfDate, instantOfDay, instantsAround, localDay } from './calendar.js';
import { type RunStress, stressOf } from './run-stress.js';
import { RunnerBody } from './runner-body.service.js';
import { type EffortOfRunRow, RunnerFiguresRepository } from './runner-figures.repository.js';
import type { TrainingLoadDto, TrainingLoadQueryDto } from './running-analytics.dto.js';
import { toHeartSettingsDto, toLoadDayDto } from './running-analytics.mapper.js';

const USUAL_DAYS = 90;
const MOST_DAYS = 732;
/** Seven time constants of the chronic load: what is older changes it by less than a thousandth. */
const HISTORY_DAYS = 300;

/** Fitness, fatigue and form of a runner, day by day. */
@Injectable()
export class TrainingLoads {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly figures: RunnerFiguresRepository,
    private readonly body: RunnerBody,
  ) {}

  /** @throws DomainError for days that are no span */
  load(caller: Principal, query: TrainingLoadQueryDto, now = new Date()): Promise<TrainingLoadDto> {
    return this.uow.run(caller, async (tx) => {
      const to = query.to === undefined ? await this.body.today(tx, caller.id, now) : dayOfDate(query.to);
      const from = query.from === undefined ? to - USUAL_DAYS + 1 : dayOfDate(query.from);
      if (from > to) throw invalidSpan('is before the first day');
      if (to - from >= MOST_DAYS) throw invalidSpan(`is more than ${MOST_DAYS - 1} days after the first`);
      return this.between(tx, caller.id, from, to, now);
    });
  }

  private async between(
    tx: Tx,
    userId: string,
    from: number,
    to: number,
    now: Date,
  ): Promise<TrainingLoadDto> {
    const heart = await this.body.heart(tx, userId, now);
    const threshold = await this.body.threshold(tx, userId, instantOfDay(to + 1));
    const first = await this.figures.findFirstRun(tx, userId);
    const firstDay = first === null ? to + 1 : localDay(first.startedAt, first.timeZone);
    const start = Math.max(firstDay, from - HISTORY_DAYS);
    const rows = await this.figures.listEffortsOfRuns(
      tx,
      userId,
      instantsAround({ from: start, to: to + 1 }),
    );
    const loads = Array.from({ length: Math.max(0, to - start + 1) }, () => 0);
    const shown: RunStress[] = [];
    for (const row of rows) {
      const day = localDay(row.startedAt, row.timeZone);
      if (day < start || day > to) continue;
      const stress = stressOf(effortOf(row), heart, threshold?.speedMps ?? null);
      loads[day - start]! += stress.stress;
      if (day >= from) shown.push(stress);
    }
    const days = loadDays(loads).map((load, index) => toLoadDayDto(start + index, load));
    const countOf = (basis: RunStress['basis']): number =>
      shown.filter((stress) => stress.basis === basis).length;
    return {
      from: dateOfDay(from),
      to: dateOfDay(to),
      heart: toHeartSettingsDto(heart),
      thresholdPaceSPerKm: threshold === null ? null : 1000 / threshold.speedMps,
      thresholdSource: threshold?.source ?? null,
      heartRateRunCount: countOf('heart_rate'),
      paceRunCount: countOf('pace'),
      unweighedRunCount: countOf('unknown'),
      days: days.slice(Math.max(0, from - start)),
    };
  }
}

function effortOf(row: EffortOfRunRow) {
  const { activeTimeS, normalisedSpeedMps, heartRateFromBpm: fromBpm, heartRateSeconds: seconds } = row;
  const heartRate = fromBpm === null || seconds === null ? null : { fromBpm, seconds };
  return { activeTimeS, normalisedSpeedMps, heartRate };
}
