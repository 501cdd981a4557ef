import type { ChangedRunDto, RunnerRunDto } from './runs.dto.js';
import { SUSPENDED_AFTER_MS } from './run-terms.js';
import type { ChangedRow, ShownRun } from './shown-runs.repository.js';

/** @param viewerId who sees it: of somebody else's run heart rates, calories and its name elsewhere are nobody's business */
export function toRunDto(run: ShownRun, viewerId: string, now: Date): RunnerRunDto {
  const isOwn = run.userId === viewerId;
  const { distanceM, movingTimeS, elapsedTimeS } = run;
  const hasPace = distanceM !== null && movingTimeS !== null && distanceM > 0 && movingTimeS > 0;
  return {
    id: run.id,
    userId: run.userId,
    isOwn,
    source: run.source,
    externalId: isOwn ? run.externalId : null,
    status: stateOf(run, now),
    title: run.title,
    description: run.description,
    sport: run.sport,
    privacy: isOwn ? run.privacy : null,
    visibility: run.visibility,
    startedAt: run.startedAt.toISOString(),
    finishedAt: finishedAtOf(run)?.toISOString() ?? null,
    timeZone: run.timeZone,
    distanceM,
    movingTimeS,
    elapsedTimeS,
    averagePaceSPerKm: hasPace ? (movingTimeS * 1_000) / distanceM : null,
    averageSpeedMps: hasPace ? distanceM / movingTimeS : null,
    averageHeartRateBpm: isOwn ? run.averageHeartRateBpm : null,
    maxHeartRateBpm: isOwn ? run.maxHeartRateBpm : null,
    averageCadenceSpm: run.averageCadenceSpm,
    caloriesKcal: isOwn ? run.caloriesKcal : null,
    elevationGainM: run.elevationGainM,
    elevationLossM: run.elevationLossM,
    maxElevationM: run.maxElevationM,
    minElevationM: run.minElevationM,
    startLatDeg: run.startLatDeg,
    startLonDeg: run.startLonDeg,
    endLatDeg: run.endLatDeg,
    endLonDeg: run.endLonDeg,
    hasTrack: run.hasTrack,
    trackVersion: run.trackVersion,
    version: run.version,
    createdAt: run.createdAt.toISOString(),
    updatedAt: run.updatedAt.toISOString(),
  };
}

export function toChangedRunDto(row: ChangedRow, viewerId: string, now: Date): ChangedRunDto {
  const { changedId: id, isGone: isDeleted } = row;
  return { id, isDeleted, run: isDeleted ? null : toRunDto(row, viewerId, now) };
}

function stateOf({ status, lastFixAt, createdAt }: ShownRun, now: Date): RunnerRunDto['status'] {
  if (status === 'finished') return 'finished';
  const lastMs = Math.max(lastFixAt?.getTime() ?? 0, createdAt.getTime());
  return now.getTime() - lastMs > SUSPENDED_AFTER_MS ? 'suspended' : 'recording';
}

/** A device that has not said when it stopped stopped with its track. */
function finishedAtOf({ status, finishedAt, startedAt, elapsedTimeS }: ShownRun): Date | null {
  if (status === 'recording' || finishedAt !== null) return finishedAt;
  return elapsedTimeS === null ? null : new Date(startedAt.getTime() + Math.round(elapsedTimeS * 1_000));
}
