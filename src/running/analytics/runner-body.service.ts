import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { EFFORT_DISTANCES_M } from '../analysis/best-efforts.js';
import { bestEffortByVdot } from '../analysis/race-predictions.js';
import { thresholdSpeedMps } from '../analysis/vdot.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import { type BodySettings, bodySettingsOf } from './body-settings.js';
import { localDay } from './calendar.js';
import { type EffortRow, type InstantSpan, RunnerFiguresRepository } from './runner-figures.repository.js';

const DAY_MS = 86_400_000;
/** Hearts slow down by less than a beat a year. */
const OBSERVED_DAYS = 730;
/** What was raced longer ago says little of today's threshold. */
const THRESHOLD_DAYS = 180;

export interface Threshold {
  readonly speedMps: number;
  /** `effort`: by VDOT of the best effort of the last 180 days. */
  readonly source: 'preference' | 'effort';
}

export interface BestByVdot {
  readonly effort: EffortRow;
  readonly vdot: number;
}

/** What rules have to know of a runner: what preferences say, and what recent runs show where they do not. */
@Injectable()
export class RunnerBody {
  constructor(
    private readonly preferences: PreferencesReader,
    private readonly figures: RunnerFiguresRepository,
  ) {}

  /** The day that the runner's own clock shows. */
  async today(tx: Tx, userId: string, now: Date): Promise<number> {
    return localDay(now, await this.preferences.timeZoneOf(tx, userId));
  }

  /** Null where neither preferences nor runs know a highest heart rate. */
  async heart(tx: Tx, userId: string, now: Date): Promise<BodySettings | null> {
    const said = await this.preferences.of(tx, userId);
    const since = new Date(now.getTime() - OBSERVED_DAYS * DAY_MS);
    const observed =
      said.maxHeartRateBpm === null ? await this.figures.findObservedMax(tx, userId, since) : null;
    return bodySettingsOf(said, observed);
  }

  /** The effort with the highest VDOT among the fastest of a time; null where there is none. */
  async bestEffort(tx: Tx, userId: string, span: InstantSpan): Promise<BestByVdot | null> {
    return bestEffortByVdot(await this.figures.listFastest(tx, userId, EFFORT_DISTANCES_M, span, 1));
  }

  /** The speed that can be held for an hour. @param until the day whose runner is meant ends then */
  async threshold(tx: Tx, userId: string, until: Date): Promise<Threshold | null> {
    const { thresholdPaceSPerKm } = await this.preferences.of(tx, userId);
    if (thresholdPaceSPerKm !== null) return { speedMps: 1000 / thresholdPaceSPerKm, source: 'preference' };
    const from = new Date(until.getTime() - THRESHOLD_DAYS * DAY_MS);
    const best = await this.bestEffort(tx, userId, { from, to: until });
    return best === null ? null : { speedMps: thresholdSpeedMps(best.vdot), source: 'effort' };
  }
}
