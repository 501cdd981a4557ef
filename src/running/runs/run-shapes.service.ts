import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { runCurvesOf } from '../analysis/run-curves.js';
import { encodePolyline } from '../geo/polyline.js';
import { lapsOfRun } from './run-laps.js';
import { boundsOf, routePoints, toFeature } from './run-route.js';
import type {
  RunCorrectionsDto,
  RunLapsDto,
  RunPausesDto,
  RunRouteDto,
  RunRouteQueryDto,
  RunStreamsDto,
  RunStreamsQueryDto,
} from './run-shapes.dto.js';
import { STREAM_KEYS, streamsOf } from './run-streams.js';
import type { StoredTrack } from './run-tracks.service.js';
import { emptyTrack } from './track-codec.js';
import { VisibleRuns } from './visible-runs.service.js';

type SeenTrack = Pick<StoredTrack, 'track' | 'pauses' | 'laps' | 'corrections' | 'version'> & {
  isOwn: boolean;
};
const NO_TRACK = { track: emptyTrack(), pauses: [], laps: [], corrections: [], version: 0 };

/**
 * Where a run went and how, for whoever may see it; a run without a track has none of it. Heart rates are the runner's own.
 * @throws DomainError (all methods) unknown run, or one that is not shown to the caller
 */
@Injectable()
export class RunShapes {
  constructor(private readonly runs: VisibleRuns) {}

  async route(caller: Principal, id: string, { format, resolution }: RunRouteQueryDto): Promise<RunRouteDto> {
    const { track, version } = await this.find(caller, id);
    const points = routePoints(track, resolution);
    return {
      runId: id,
      trackVersion: version,
      pointCount: points.length,
      bounds: boundsOf(points),
      geojson:
        format === 'geojson'
          ? toFeature(points, { runId: id, timesS: points.map(({ timeS }) => timeS) })
          : null,
      polyline:
        format === 'polyline' ? encodePolyline(points.map(({ latDeg, lonDeg }) => [latDeg, lonDeg])) : null,
      coordinates: format === 'coordinates' ? points : null,
    };
  }

  async streams(caller: Principal, id: string, query: RunStreamsQueryDto): Promise<RunStreamsDto> {
    const { track, pauses, version, isOwn } = await this.find(caller, id);
    const keys = new Set((query.keys ?? STREAM_KEYS).filter((key) => isOwn || key !== 'heartRateBpm'));
    const range = { fromS: query.fromS ?? null, toS: query.toS ?? null };
    const { resolution } = query;
    return {
      runId: id,
      trackVersion: version,
      resolution,
      ...streamsOf(track, pauses, keys, range, resolution),
    };
  }

  async laps(caller: Principal, id: string): Promise<RunLapsDto> {
    const { track, pauses, laps } = await this.find(caller, id);
    return { items: lapsOfRun(laps, runCurvesOf(track, pauses)) };
  }

  async pauses(caller: Principal, id: string): Promise<RunPausesDto> {
    const { pauses } = await this.find(caller, id);
    return { items: pauses.map(({ fromMs, toMs }) => ({ fromS: fromMs / 1_000, toS: toMs / 1_000 })) };
  }

  async corrections(caller: Principal, id: string): Promise<RunCorrectionsDto> {
    const { corrections } = await this.find(caller, id);
    return {
      items: corrections.map(({ kind, fromMs, toMs, pointCount, reason, before, after }) => ({
        kind,
        fromS: fromMs / 1_000,
        toS: toMs / 1_000,
        pointCount,
        reason,
        before: before ?? null,
        after: after ?? null,
      })),
    };
  }

  private async find(caller: Principal, id: string): Promise<SeenTrack> {
    const run = await this.runs.find(caller, id);
    const stored = run.hasTrack ? await this.runs.track(run) : null;
    return { ...(stored ?? NO_TRACK), isOwn: run.userId === caller.id };
  }
}
