import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { predictRace, RACE_DISTANCES_M } from '../analysis/race-predictions.js';
import { thresholdSpeedMps } from '../analysis/vdot.js';
import { medianOf, submaximalVo2max } from '../analysis/vo2max.js';
import type { BodySettings } from './body-settings.js';
import { RunnerBody } from './runner-body.service.js';
import { type EffortOfRunRow, RunnerFiguresRepository } from './runner-figures.repository.js';
import type { RacePredictionsDto, SubmaximalVo2maxDto, Vo2maxDto } from './running-analytics.dto.js';
import { toHeartSettingsDto, toRacePredictionDto, toVdotEffortDto } from './running-analytics.mapper.js';

const DAY_MS = 86_400_000;
const VO2MAX_DAYS = 90;
const MEDIAN_DAYS = 10;

/** What a runner's recent runs say of what they could do. */
@Injectable()
export class RunnerFitness {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly figures: RunnerFiguresRepository,
    private readonly body: RunnerBody,
  ) {}

  /** @param days how far back an effort counts */
  predictions(caller: Principal, days: number, now = new Date()): Promise<RacePredictionsDto> {
    return this.uow.run(caller, async (tx) => {
      const best = await this.body.bestEffort(tx, caller.id, lastDays(days, now));
      return {
        basis: toVdotEffortDto(best),
        thresholdPaceSPerKm: best === null ? null : 1000 / thresholdSpeedMps(best.vdot),
        items:
          best === null
            ? []
            : RACE_DISTANCES_M.map((distanceM) => toRacePredictionDto(predictRace(best.effort, distanceM))),
      };
    });
  }

  vo2max(caller: Principal, now = new Date()): Promise<Vo2maxDto> {
    return this.uow.run(caller, async (tx) => {
      const span = lastDays(VO2MAX_DAYS, now);
      const heart = await this.body.heart(tx, caller.id, now);
      const rows = heart === null ? [] : await this.figures.listEffortsOfRuns(tx, caller.id, span);
      const items = rows.flatMap((row) => submaximalOf(row, heart!) ?? []);
      const since = lastDays(MEDIAN_DAYS, now).from.toISOString();
      return {
        byEffort: toVdotEffortDto(await this.body.bestEffort(tx, caller.id, span)),
        byHeartRate: medianOf(
          items.filter(({ startedAt }) => startedAt >= since).map(({ vo2max }) => vo2max),
        ),
        heart: toHeartSettingsDto(heart),
        items,
      };
    });
  }
}

function submaximalOf(row: EffortOfRunRow, heart: BodySettings): SubmaximalVo2maxDto | null {
  const { steadySpeedMps: speedMps, steadyHeartRateBpm: heartRateBpm, runId, startedAt } = row;
  if (speedMps === null || heartRateBpm === null) return null;
  const vo2max = submaximalVo2max({ speedMps, heartRateBpm }, heart);
  return vo2max === null ? null : { runId, startedAt: startedAt.toISOString(), vo2max };
}

/** A run that a device's clock put into the future counts as one of today. */
function lastDays(days: number, now: Date): { from: Date; to: Date } {
  return { from: new Date(now.getTime() - days * DAY_MS), to: new Date(now.getTime() + DAY_MS) };
}
