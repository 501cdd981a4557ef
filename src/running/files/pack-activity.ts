import { type PackedRun, packRun } from '../runs/finished-run.js';
import { cleanTrackInPortions } from './clean-track.js';
import type { ParsedActivity } from './parsed-activity.js';

/** A run of a file that can be stored. */
export interface ImportedActivity extends PackedRun {
  readonly externalId: string;
}

/**
 * Judges the places of an activity and makes a run of it, in whatever time zone the runner has then.
 * @param externalId what makes the same activity of the same file the same
 */
export function* packActivity(
  userId: string,
  externalId: string,
  activity: ParsedActivity,
): Generator<void, ImportedActivity> {
  const { track, pauses, corrections } = yield* cleanTrackInPortions(activity);
  const packed = yield* packRun({
    userId,
    source: 'imported',
    externalId,
    title: activity.name,
    description: activity.notes,
    sport: activity.sport,
    startedAtMs: activity.startedAtMs,
    timeZone: null,
    track,
    pauses,
    laps: activity.laps,
    corrections: corrections.map((correction) => ({
      ...correction,
      before: { ...correction.before },
      after: { ...correction.after },
    })),
    device: { ...activity.deviceTotals, movingTimeS: activity.deviceTotals.timerTimeS },
  });
  return { ...packed, externalId };
}
