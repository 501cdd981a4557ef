import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { EFFORT_DISTANCES_M } from '../analysis/best-efforts.js';
import { RunnerFiguresRepository } from '../analytics/runner-figures.repository.js';
import { type EffortLevel, raceTimes, type RecentRun, type TimeModel, usualTimes } from './time-model.js';

const DAY_MS = 86_400_000;
/** What was run longer ago says little of today. */
const RECENT_DAYS = 90;

/** How long a runner will need for a way, from what they have run of late. */
@Injectable()
export class RunnerTimes {
  constructor(private readonly figures: RunnerFiguresRepository) {}

  async model(tx: Tx, userId: string, effort: EffortLevel, now: Date): Promise<TimeModel> {
    // A run that a device's clock put into the future counts as one of today.
    const span = {
      from: new Date(now.getTime() - RECENT_DAYS * DAY_MS),
      to: new Date(now.getTime() + DAY_MS),
    };
    const rows = await this.figures.listRuns(tx, userId, span);
    const runs = rows.flatMap(({ distanceM, movingTimeS, elevationGainM }): RecentRun[] =>
      distanceM === null || movingTimeS === null ? [] : [{ distanceM, movingTimeS, elevationGainM }],
    );
    if (effort === 'usual') return usualTimes(runs);
    return raceTimes(await this.figures.listFastest(tx, userId, EFFORT_DISTANCES_M, span, 1), runs);
  }
}
