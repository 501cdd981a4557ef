import { planeAround } from '../geo/geodesy.js';
import { arrivalMsAt, type GhostCurve, lengthOf, placeAt } from './ghost-curve.js';
import { DISTANCE_RANGES } from './ghost-kinds.js';
import type {
  GhostCurveDto,
  GhostDto,
  OpenGhostDto,
  PublicGhostsQueryDto,
  RecommendedGhostDto,
} from './ghosts.dto.js';
import type { GhostRow, OwnGhostRow } from './ghosts.repository.js';
import type { PublicFilter } from './open-ghosts.repository.js';
import type { Recommendation } from './recommend-ghosts.js';

const M_PER_KM = 1_000;

export function toOpenGhostDto(row: GhostRow): OpenGhostDto {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    category: row.category,
    difficulty: row.difficulty,
    basis: row.basis,
    distanceM: row.distanceM,
    durationS: row.durationS,
    paceSPerKm: (row.durationS / row.distanceM) * M_PER_KM,
    usageCount: row.usageCount,
    successRate: row.usageCount === 0 ? null : row.beatenCount / row.usageCount,
  };
}

export function toGhostDto(row: OwnGhostRow): GhostDto {
  return {
    ...toOpenGhostDto(row),
    isActive: row.isActive,
    isPublic: row.isPublic,
    runIds: row.runIds,
    recordDistanceM: row.recordDistanceM,
    routeId: row.routeId,
    splits:
      row.splits === null ? null : row.splits.map(({ distanceM, paceSPerKm }) => ({ distanceM, paceSPerKm })),
    sourceGhostId: row.sourceGhostId,
    linkExpiresAt: row.shareExpiresAt?.toISOString() ?? null,
    curveState: row.curveState,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toRecommendedGhostDto(
  row: GhostRow,
  { reason, expectedS, targetImprovementS, successEstimate }: Recommendation,
  callerId: string,
): RecommendedGhostDto {
  return {
    ...toOpenGhostDto(row),
    isOwn: row.userId === callerId,
    reason,
    expectedS,
    targetImprovementS,
    successEstimate,
  };
}

export function publicFilterOf({ type, difficulty, distance }: PublicGhostsQueryDto): PublicFilter {
  const [leastM, mostM] = distance === undefined ? [null, null] : DISTANCE_RANGES[distance];
  return { types: type === undefined ? null : [type], difficulty: difficulty ?? null, leastM, mostM };
}

/** @param points at most; evenly over the distance, both ends among them */
export function toGhostCurveDto(curve: GhostCurve, version: number, points: number): GhostCurveDto {
  const lengthM = lengthOf(curve);
  const count = Math.min(points, curve.distanceM.length);
  const distanceM = Array.from({ length: count }, (_, index) => (lengthM * index) / (count - 1));
  const { route } = curve;
  const plane = route === null ? null : planeAround(route.latDeg, route.lonDeg);
  const place = { xM: 0, yM: 0 };
  const latDeg: number[] = [];
  const lonDeg: number[] = [];
  if (route !== null && plane !== null)
    for (const alongM of distanceM) {
      placeAt(route, alongM, place);
      latDeg.push(rounded(plane.lat(place.yM), 7));
      lonDeg.push(rounded(plane.lon(place.xM), 7));
    }
  return {
    basis: curve.basis,
    version,
    distanceM: distanceM.map((value) => rounded(value, 2)),
    timeS: distanceM.map((value) => rounded(arrivalMsAt(curve, value) / 1_000, 3)),
    latDeg: route === null ? null : latDeg,
    lonDeg: route === null ? null : lonDeg,
  };
}

function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
