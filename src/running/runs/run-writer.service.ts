import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { PackedRun } from './finished-run.js';
import { RunDefaults } from './run-defaults.service.js';
import { figuresOf } from './run-figures.js';
import { RUN_FOLLOWERS } from './run-followers.jobs.js';
import { visibilityOf } from './run-terms.js';
import { RunTracks } from './run-tracks.service.js';
import { RunsRepository } from './runs.repository.js';

/** How a run comes in that was not recorded here. */
@Injectable()
export class RunWriter {
  constructor(
    private readonly runs: RunsRepository,
    private readonly tracks: RunTracks,
    private readonly defaults: RunDefaults,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Run and track in the caller's transaction, of the runner's scope or the platform's, and the jobs that follow a new track. It takes
   * the lock of the runner's changes until the transaction ends.
   * @returns `isNew` false where the runner has one of this source and external id: nothing was written
   */
  async insertFinished(tx: Tx, run: PackedRun): Promise<{ runId: string; isNew: boolean }> {
    const { userId, source, externalId } = run;
    await this.runs.lockChanges(tx, userId);
    const known =
      externalId === null ? null : await this.runs.findByExternalId(tx, userId, source, externalId);
    if (known !== null) return { runId: known.id, isNew: false };
    const { pointCount, points } = run;
    const figures = figuresOf(run.summary, run.device);
    const privacy = run.privacy ?? null;
    const hasTrack = pointCount > 0;
    const id = uuidv7();
    await this.runs.insertRun(tx, {
      ...figures,
      id,
      userId,
      source,
      externalId,
      status: 'finished',
      title: run.title,
      description: run.description ?? null,
      sport: run.sport ?? 'run',
      privacy,
      visibility: visibilityOf(source, privacy, await this.defaults.visibilityOf(tx, userId)),
      startedAt: new Date(run.startedAtMs),
      finishedAt: new Date(run.startedAtMs + (figures.elapsedTimeS ?? 0) * 1_000),
      timeZone: run.timeZone,
      lastSeq: null,
      hasTrack,
      trackVersion: hasTrack ? 1 : 0,
    });
    if (hasTrack) {
      const { pauses, laps, corrections } = run;
      const packed = { runId: id, userId, version: 1, pointCount, points, pauses, laps, corrections };
      await this.tracks.putPacked(tx, packed);
      await this.follow(tx, id);
    }
    return { runId: id, isNew: true };
  }

  /** A run has got a track, or another one: whoever works something out from it does so again. */
  async follow(tx: Tx, runId: string): Promise<void> {
    for (const job of RUN_FOLLOWERS) await this.jobs.enqueueShared(tx, job, [{ runId }]);
  }
}
