import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { distanceCurveOf } from '../analysis/distance-curve.js';
import { exportNeedsPlaces, exportNeedsTrack, unknownRun } from '../running.errors.js';
import { RunTracks, type StoredTrack } from '../runs/run-tracks.service.js';
import { type RunRow, RunsRepository } from '../runs/runs.repository.js';
import type { ExportFormat, ExportRun } from './export-run.js';
import { fitFileOf, fitPiecesOf } from './fit.writer.js';
import { gpxOf } from './gpx-export.js';
import type { Sport } from './parsed-activity.js';
import { tcxOf } from './tcx-export.js';

export interface ExportedFile {
  readonly bytes: Readable;
  readonly mediaType: string;
  /** Of our making: nothing that the runner wrote. */
  readonly name: string;
}

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  gpx: 'application/gpx+xml',
  tcx: 'application/vnd.garmin.tcx+xml',
  fit: 'application/vnd.ant.fit',
};
const SPORTS: readonly string[] = ['run', 'walk', 'hike', 'ride', 'other'] satisfies Sport[];

/** Own runs as files, whatever they came from. Written while they are sent, a portion at a time. */
@Injectable()
export class ExportRuns {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly tracks: RunTracks,
  ) {}

  /** @throws DomainError unknown run, no track yet, or a format that cannot hold it */
  async write(caller: Principal, runId: string, format: ExportFormat): Promise<ExportedFile> {
    const { row, stored } = await this.find(caller, runId);
    if (stored === null || stored.track.length === 0) throw exportNeedsTrack();
    const run = exportOf(row, stored);
    if (format === 'gpx' && run.track.latDeg.every(Number.isNaN)) throw exportNeedsPlaces();
    const name = `run-${isoDay(run.startedAtMs)}.${format}`;
    return { bytes: await bytesOf(run, format), mediaType: MEDIA_TYPES[format], name };
  }

  private find(scope: Scope, runId: string): Promise<{ row: RunRow; stored: StoredTrack | null }> {
    if (!isUuid(runId)) throw unknownRun();
    return this.uow.run(scope, async (tx) => {
      const row = await this.runs.findRun(tx, runId);
      if (!row) throw unknownRun();
      return { row, stored: await this.tracks.find(tx, runId) };
    });
  }
}

function exportOf(row: RunRow, { startedAtMs, track, pauses, laps }: StoredTrack): ExportRun {
  return {
    startedAtMs,
    sport: SPORTS.includes(row.sport) ? (row.sport as Sport) : 'other',
    name: row.title,
    notes: row.description,
    track,
    pauses,
    laps,
    distanceM: distanceCurveOf(track, pauses).distanceM,
    caloriesKcal: row.caloriesKcal,
  };
}

/** Text goes out as it is written; of FIT the head holds the size and the end a checksum of all, so it is put together first. */
async function bytesOf(run: ExportRun, format: ExportFormat): Promise<Readable> {
  if (format !== 'fit')
    return Readable.from(inTurns(format === 'gpx' ? gpxOf(run) : tcxOf(run)), { objectMode: false });
  const pieces: Uint8Array[] = [];
  for await (const piece of inTurns(fitPiecesOf(run))) pieces.push(piece);
  return Readable.from([fitFileOf(pieces)], { objectMode: false });
}

async function* inTurns<T>(pieces: Iterable<T>): AsyncGenerator<T, void, undefined> {
  for (const piece of pieces) {
    yield piece;
    await nextTurn();
  }
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
