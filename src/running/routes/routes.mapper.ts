import { encodePolyline } from '../geo/polyline.js';
import type { RouteProgress } from './route-progress.js';
import type { WayShape } from './route-shape.js';
import type { RouteVersionRow } from './route-shapes.repository.js';
import type {
  RouteDetailDto,
  RouteDto,
  RouteProgressDto,
  RouteRunDto,
  RouteVersionDto,
} from './routes.dto.js';
import type { UsedRouteRow } from './routes.repository.js';
import type { RouteRunRow } from './run-routes.repository.js';

export function toRouteDto(row: UsedRouteRow): RouteDto {
  const { southDeg, westDeg, northDeg, eastDeg } = row;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    distanceM: row.distanceM,
    climbM: row.climbM,
    descentM: row.descentM,
    lapCount: row.lapCount,
    lapDistanceM: row.lapDistanceM,
    retraced: row.retraced,
    bounds: { southDeg, westDeg, northDeg, eastDeg },
    runCount: row.runCount,
    bestTimeS: row.bestTimeS,
    bestRunId: row.bestRunId,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    shapeVersion: row.shapeVersion,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}

export function toRouteDetailDto(row: UsedRouteRow, shape: WayShape): RouteDetailDto {
  return {
    ...toRouteDto(row),
    polyline: polylineOf(shape),
    altitudesM: shape.altitudeM === null ? null : [...shape.altitudeM],
  };
}

export function polylineOf({ latDeg, lonDeg }: WayShape): string {
  return encodePolyline(latDeg.map((lat, index) => [lat, lonDeg[index]!] as const));
}

export function toRouteVersionDto(row: RouteVersionRow): RouteVersionDto {
  return {
    version: row.version,
    runId: row.runId,
    distanceM: row.distanceM,
    createdAt: row.createdAt.toISOString(),
  };
}

export function toRouteRunDto(row: RouteRunRow): RouteRunDto {
  return {
    runId: row.runId,
    title: row.title,
    startedAt: row.startedAt.toISOString(),
    relation: row.relation,
    direction: row.direction,
    isOwn: row.isMain,
    isPinned: row.isPinned,
    coverage: row.coverage,
    routeCoverage: row.routeCoverage,
    rotationM: row.rotationM,
    passageCount: row.passageCount,
    timeS: row.timeS,
    movingTimeS: row.movingTimeS,
    fromS: row.fromMs === null ? null : row.fromMs / 1_000,
    toS: row.toMs === null ? null : row.toMs / 1_000,
  };
}

export function toRouteProgressDto({ items, ...figures }: RouteProgress): RouteProgressDto {
  return {
    items: items.map(({ runId, atMs, timeS, isBest, bestTimeS, behindBestS }) => ({
      runId,
      startedAt: new Date(atMs).toISOString(),
      timeS,
      isBest,
      bestTimeS,
      behindBestS,
    })),
    bestTimeS: figures.bestTimeS,
    medianTimeS: figures.medianTimeS,
    trendSPer30Days: figures.trendSPer30Days,
  };
}
