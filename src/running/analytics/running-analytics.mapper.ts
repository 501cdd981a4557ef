import type { HeartRateZone } from '../analysis/heart-rate-zones.js';
import type { RacePrediction } from '../analysis/race-predictions.js';
import type { LoadDay } from '../analysis/training-load.js';
import type { BodySettings } from './body-settings.js';
import { dateOfDay } from './calendar.js';
import type { BestByVdot } from './runner-body.service.js';
import type {
  HeartRateZoneDto,
  HeartSettingsDto,
  LoadDayDto,
  RacePredictionDto,
  VdotEffortDto,
} from './running-analytics.dto.js';
import { toFigureSourceDto } from './running-stats.mapper.js';

export function toHeartSettingsDto(body: BodySettings | null): HeartSettingsDto | null {
  if (body === null) return null;
  const { maxBpm, maxSource, restingBpm, restingSource, thresholdBpm } = body;
  return { maxBpm, maxSource, restingBpm, restingSource, thresholdBpm };
}

export function toLoadDayDto(day: number, load: LoadDay): LoadDayDto {
  return {
    on: dateOfDay(day),
    load: load.load,
    chronicLoad: load.chronicLoad,
    acuteLoad: load.acuteLoad,
    balance: load.balance,
    loadRatio: load.loadRatio,
    isWarmUp: load.isWarmUp,
  };
}

export function toVdotEffortDto(best: BestByVdot | null): VdotEffortDto | null {
  if (best === null) return null;
  const { effort, vdot } = best;
  return {
    ...toFigureSourceDto(effort),
    distanceM: effort.distanceM,
    elapsedTimeS: effort.elapsedTimeS,
    vdot,
  };
}

export function toRacePredictionDto(prediction: RacePrediction): RacePredictionDto {
  return {
    distanceM: prediction.distanceM,
    likelyS: prediction.likelyS,
    fastestS: prediction.fastestS,
    slowestS: prediction.slowestS,
    vdotS: prediction.vdotS,
    riegelS: prediction.riegelS,
    isFarOff: prediction.isFarOff,
  };
}

/** @param totalS of all time with a heart rate */
export function toHeartRateZoneDto(zone: HeartRateZone, timeS: number, totalS: number): HeartRateZoneDto {
  return {
    number: zone.number,
    fromBpm: zone.fromBpm,
    belowBpm: zone.belowBpm,
    timeS,
    pct: totalS > 0 ? (timeS / totalS) * 100 : 0,
  };
}
