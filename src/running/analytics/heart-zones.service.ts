import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type HeartRateHistogram, totalSeconds } from '../analysis/heart-rate-histogram.js';
import { timeInZones, type ZoneMethod, zonesOf } from '../analysis/heart-rate-zones.js';
import { banisterImpulse, edwardsImpulse } from '../analysis/training-impulse.js';
import { noThreshold, unknownRun } from '../running.errors.js';
import type { BodySettings } from './body-settings.js';
import { RunnerBody } from './runner-body.service.js';
import { type EffortOfRunRow, RunnerFiguresRepository } from './runner-figures.repository.js';
import type { HeartRateZonesDto, ZonesQueryDto } from './running-analytics.dto.js';
import { toHeartRateZoneDto, toHeartSettingsDto } from './running-analytics.mapper.js';

const DAY_MS = 86_400_000;

/** Where a heart spent its time, in one run or in those of the last weeks. */
@Injectable()
export class HeartZones {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly figures: RunnerFiguresRepository,
    private readonly body: RunnerBody,
  ) {}

  /** @throws DomainError unknown run; zones by a threshold that nobody told */
  zones(caller: Principal, query: ZonesQueryDto, now = new Date()): Promise<HeartRateZonesDto> {
    return this.uow.run(caller, async (tx) => {
      const rows = await this.rowsOf(tx, caller.id, query, now);
      const heart = await this.body.heart(tx, caller.id, now);
      const method = query.method ?? usualMethod(heart);
      const histograms = rows.flatMap((row) => histogramOf(row) ?? []);
      return { method, heart: toHeartSettingsDto(heart), ...figuresOf(method, heart, histograms) };
    });
  }

  private async rowsOf(
    tx: Tx,
    userId: string,
    { runId, days }: ZonesQueryDto,
    now: Date,
  ): Promise<EffortOfRunRow[]> {
    if (runId === undefined) {
      const span = { from: new Date(now.getTime() - days * DAY_MS), to: new Date(now.getTime() + DAY_MS) };
      return this.figures.listEffortsOfRuns(tx, userId, span);
    }
    const row = await this.figures.findEffortOfRun(tx, userId, runId);
    if (row === null) throw unknownRun();
    return [row];
  }
}

function usualMethod(heart: BodySettings | null): ZoneMethod {
  if (heart !== null && heart.thresholdBpm !== null) return 'threshold';
  return heart?.restingSource === 'preference' ? 'reserve' : 'max';
}

function histogramOf(row: EffortOfRunRow): HeartRateHistogram | null {
  const { heartRateFromBpm: fromBpm, heartRateSeconds: seconds } = row;
  return fromBpm === null || seconds === null ? null : { fromBpm, seconds };
}

function figuresOf(
  method: ZoneMethod,
  heart: BodySettings | null,
  histograms: readonly HeartRateHistogram[],
): Pick<HeartRateZonesDto, 'belowS' | 'zones' | 'banisterImpulse' | 'edwardsImpulse'> {
  if (heart === null) return { belowS: 0, zones: [], banisterImpulse: null, edwardsImpulse: null };
  const zones = zonesOf(method, heart);
  if (zones === null) throw noThreshold();
  const times = histograms.map((histogram) => timeInZones(histogram, zones));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const totalS = sum(histograms.map(totalSeconds));
  return {
    belowS: sum(times.map(({ belowS }) => belowS)),
    zones: zones.map((zone, index) =>
      toHeartRateZoneDto(zone, sum(times.map(({ zoneS }) => zoneS[index]!)), totalS),
    ),
    banisterImpulse: sum(histograms.map((histogram) => banisterImpulse(histogram, heart, heart.sex))),
    edwardsImpulse: sum(histograms.map((histogram) => edwardsImpulse(histogram, heart))),
  };
}
