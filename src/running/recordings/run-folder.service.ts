import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { summariseTrack } from '../analysis/track-summary.js';
import { fastestMpsOf } from '../geo/fastest-speed.js';
import { type DeviceTotals, figuresOf } from '../runs/run-figures.js';
import { RunTracks, type StoredTrack } from '../runs/run-tracks.service.js';
import { RunWriter } from '../runs/run-writer.service.js';
import { type RunRow, RunsRepository } from '../runs/runs.repository.js';
import { asStored, encodeTrack } from '../runs/track-codec.js';
import { mergeFixes } from './fix-columns.js';
import { FixesRepository } from './fixes.repository.js';
import { type FoldedRun, foldRun } from './fold-run.js';
import { RunEventsRepository } from './run-events.repository.js';

/**
 * Fixes and presses become a track. Fixes that wait are taken out of their table and packed with those of earlier folds, and the track is
 * made of all of them anew, so that it is the same whether they came at once or an hour late.
 */
@Injectable()
export class RunFolder {
  constructor(
    private readonly runs: RunsRepository,
    private readonly fixes: FixesRepository,
    private readonly events: RunEventsRepository,
    private readonly tracks: RunTracks,
    private readonly writer: RunWriter,
  ) {}

  /**
   * In a transaction of the platform, after {@link FixesRepository.drain} in another one. Does nothing where the run is being recorded, was
   * deleted, or nothing new has come.
   */
  async fold(tx: Tx, runId: string): Promise<void> {
    const found = await this.runs.findRun(tx, runId);
    if (found === null) return;
    await this.runs.lockChanges(tx, found.userId);
    const run = await this.runs.findRun(tx, runId); // as it is now that nobody else changes it
    if (run === null || run.status !== 'finished' || run.source !== 'app') return;
    const { userId } = run;
    const waiting = await this.fixes.deleteFixes(tx, userId, runId);
    const folded = await this.fixes.findFolded(tx, runId);
    const all = folded === undefined ? waiting : mergeFixes(folded, waiting);
    if (all.length > (folded?.length ?? 0)) await this.fixes.upsertFolded(tx, userId, runId, all);
    const made = foldRun({
      startedAtMs: run.startedAt.getTime(),
      finishedAtMs: run.finishedAt?.getTime() ?? null,
      sport: run.sport,
      fixes: all,
      events: await this.events.listEvents(tx, runId),
    });
    await this.store(tx, run, made);
  }

  private async store(tx: Tx, run: RunRow, made: FoldedRun): Promise<void> {
    const track = asStored({ ...made.track, fastestMps: fastestMpsOf(run.sport) });
    if (track.length === 0 && !run.hasTrack) return;
    const before = await this.tracks.find(tx, run.id);
    const figures = figuresOf(summariseTrack(track, made.pauses), toldTotals(run, before));
    // Another sport may have another distance along the same places.
    if (before !== null && isSameTrack(before, made) && figures.distanceM === run.distanceM) return;
    const version = run.trackVersion + 1;
    const { pauses, laps, corrections } = made;
    await this.tracks.put(tx, {
      runId: run.id,
      userId: run.userId,
      version,
      track,
      pauses,
      laps,
      corrections,
    });
    await this.runs.updateFigures(tx, run.id, figures, version);
    await this.writer.follow(tx, run.id);
  }
}

/** What the runner's device said of the whole run and the track before did not tell: it holds until a track tells it. */
function toldTotals(run: RunRow, before: StoredTrack | null): DeviceTotals {
  if (before === null) return run;
  const measured = figuresOf(summariseTrack(before.track, before.pauses));
  const { distanceM, movingTimeS, elapsedTimeS, caloriesKcal } = run;
  const told = (name: keyof DeviceTotals): number | null => (measured[name] === null ? run[name] : null);
  return {
    ...(measured.distanceM === null && { distanceM, movingTimeS, elapsedTimeS }),
    caloriesKcal,
    averageHeartRateBpm: told('averageHeartRateBpm'),
    maxHeartRateBpm: told('maxHeartRateBpm'),
    averageCadenceSpm: told('averageCadenceSpm'),
    elevationGainM: told('elevationGainM'),
    elevationLossM: told('elevationLossM'),
  };
}

function isSameTrack(before: StoredTrack, made: FoldedRun): boolean {
  const besides = ({ pauses, laps, corrections }: FoldedRun): object => ({ pauses, laps, corrections });
  return (
    encodeTrack(before.track).equals(encodeTrack(asStored(made.track))) &&
    isDeepStrictEqual(besides(before), besides(made))
  );
}
