import type { FileLink } from '../../platform/storage/file-links.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { BattleMapDto, MapGridDto, MapPlanDto } from './battle-maps.dto.js';
import type { BattleMapRow, MapPlanRow } from './battle-maps.repository.js';

/** @param map null of one without a picture @param link to that */
export function toBattleMapDto(
  { object, seat }: FoundObject,
  map: BattleMapRow | null,
  link: FileLink | null,
): BattleMapDto {
  return {
    ...toCampaignObjectDto(object, seat),
    grid: map && toGridDto(map),
    pictureUrl:
      map &&
      link &&
      `/api/v1/files/${map.fileId}/content?expires=${link.expires}&signature=${link.signature}`,
  };
}

export function toGridDto({
  widthPx,
  heightPx,
  cellPx,
  cellDistance,
  distanceUnit,
}: BattleMapRow): MapGridDto {
  const [columns, rows] = [widthPx / cellPx, heightPx / cellPx];
  return { widthPx, heightPx, cellPx, columns, rows, cellDistance, distanceUnit };
}

export function toPlanDto(plan: MapPlanRow | null): MapPlanDto {
  return {
    walls: (plan?.walls ?? []).map(({ points, isObject }) => ({ points: points.map(toPoint), isObject })),
    portals: (plan?.portals ?? []).map(({ position, bounds, rotation, isClosed, isFreestanding }) => ({
      position: toPoint(position),
      bounds: bounds.map(toPoint),
      rotation,
      isClosed,
      isFreestanding,
    })),
    lights: (plan?.lights ?? []).map(({ position, range, intensity, color, castsShadows }) => ({
      position: toPoint(position),
      range,
      intensity,
      color,
      castsShadows,
    })),
    isLit: plan?.isLit ?? false,
    ambientLight: plan?.ambientLight ?? null,
  };
}

function toPoint({ x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } {
  return { x, y };
}
