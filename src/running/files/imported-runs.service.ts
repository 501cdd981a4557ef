import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { summariseTrack } from '../analysis/track-summary.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import { RunWriter } from '../runs/run-writer.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { CleanActivity } from './clean-track.js';
import type { ParsedActivity } from './parsed-activity.js';
import { RunImportsRepository } from './run-imports.repository.js';
import { isSameRun, SAME_START_MS } from './same-run.js';

/** What became of an activity; a duplicate names the run that is there. */
export interface ImportedRun {
  readonly outcome: 'imported' | 'duplicate';
  readonly code: 'same-file' | 'same-run' | null;
  readonly runId: string;
}

/** Makes runs of activities, once. Called under the runner's scope in the transaction that remembers what came of the file. */
@Injectable()
export class ImportedRuns {
  constructor(
    private readonly runs: RunsRepository,
    private readonly writer: RunWriter,
    private readonly imports: RunImportsRepository,
    private readonly preferences: PreferencesReader,
  ) {}

  /** @param externalId what makes the same activity of the same file the same */
  async take(
    tx: Tx,
    userId: string,
    externalId: string,
    activity: ParsedActivity,
    clean: CleanActivity,
  ): Promise<ImportedRun> {
    await this.runs.lockChanges(tx, userId);
    const known = await this.runs.findByExternalId(tx, userId, 'imported', externalId);
    if (known) return { outcome: 'duplicate', code: 'same-file', runId: known.id };
    const same = await this.findSame(tx, userId, activity, clean);
    if (same !== null) return { outcome: 'duplicate', code: 'same-run', runId: same };
    const { runId } = await this.writer.insertFinished(tx, {
      userId,
      source: 'imported',
      externalId,
      title: activity.name,
      description: activity.notes,
      sport: activity.sport,
      startedAtMs: activity.startedAtMs,
      timeZone: await this.preferences.timeZoneOf(tx, userId),
      track: clean.track,
      pauses: clean.pauses,
      laps: activity.laps,
      corrections: clean.corrections.map((correction) => ({
        ...correction,
        before: { ...correction.before },
        after: { ...correction.after },
      })),
      device: { ...activity.deviceTotals, movingTimeS: activity.deviceTotals.timerTimeS },
    });
    return { outcome: 'imported', code: null, runId };
  }

  /** Of whatever source: what was recorded here and exported from a watch as well is one run. */
  private async findSame(
    tx: Tx,
    userId: string,
    { startedAtMs }: ParsedActivity,
    { track, pauses }: CleanActivity,
  ): Promise<string | null> {
    const near = await this.imports.listRunsAround(tx, userId, new Date(startedAtMs), SAME_START_MS);
    if (near.length === 0) return null;
    const { distanceBasis, distanceM } = summariseTrack(track, pauses);
    const ours = { startedAtMs, distanceM: distanceBasis === 'none' ? null : distanceM };
    const same = near.find((run) =>
      isSameRun(ours, { startedAtMs: run.startedAt.getTime(), distanceM: run.distanceM }),
    );
    return same?.id ?? null;
  }
}
