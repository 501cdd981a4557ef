import type { HarvestJobRow, ResourceRow } from '../harvest/harvest.repository.js';
import type { HarvestRouteRow } from '../harvest/harvest-routes.repository.js';
import {
  EXPECTED_COUNT,
  type HarvestMap,
  type HarvestPlace,
  type HarvestSubarea,
} from '../harvest/harvest-world.js';
import { iconUrl } from '../icons/market-icon.js';
import { formatInstant } from './compat-instant.js';
import type {
  CompatHarvestJobDto,
  CompatHarvestResourceDto,
  CompatKeptRouteDto,
  CompatMapDto,
  CompatOwnRouteDto,
  CompatPublicRouteDto,
  CompatStepDto,
  CompatSubareaDto,
} from './compat-harvest.dto.js';

/** In the original every name is there; its own fallbacks are used where ours is not. */
const nameOfResource = ({ id, name }: Pick<ResourceRow, 'id' | 'name'>): string => name ?? `Resource ${id}`;
const nameOfSubarea = (id: number): string => `Subarea ${id}`;

export function toHarvestJobDto({ id, name, iconId }: HarvestJobRow): CompatHarvestJobDto {
  return { id, name_fr: name ?? `Job ${id}`, name_en: null, icon_id: iconId };
}

export function toHarvestResourceDto(row: ResourceRow, origin: string): CompatHarvestResourceDto {
  return {
    id: row.id,
    job_id: row.jobId,
    name_fr: nameOfResource(row),
    name_en: row.nameEn,
    level_min: row.level,
    icon_url: iconUrl(row.iconId, origin),
  };
}

export function toSubareaDto({ id, areaId }: HarvestSubarea): CompatSubareaDto {
  return { id, name_fr: nameOfSubarea(id), name_en: null, area_id: areaId };
}

export function toMapDto({ id, x, y, subareaId }: HarvestMap): CompatMapDto {
  return { map_id: id, pos_x: x, pos_y: y, subarea_id: subareaId };
}

/** @param resources known ones by id */
export function toStepDto(
  place: HarvestPlace,
  order: number,
  moves: number,
  resources: ReadonlyMap<number, ResourceRow>,
  origin: string,
): CompatStepDto {
  return {
    order,
    ...toMapDto(place),
    subarea_name: nameOfSubarea(place.subareaId),
    resources: place.resourceIds.map((id) => ({
      id,
      name: nameOfResource({ id, name: resources.get(id)?.name ?? null }),
      icon_url: iconUrl(resources.get(id)?.iconId ?? null, origin),
      count: EXPECTED_COUNT,
    })),
    distance_from_prev: moves,
  };
}

export function toOwnRouteDto(row: HarvestRouteRow): CompatOwnRouteDto {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    target_job_ids: row.jobIds,
    target_resource_ids: row.resourceIds,
    route_data: row.steps,
    is_public: row.isPublic,
    created_at: formatInstant(row.createdAtUtc),
    updated_at: formatInstant(row.updatedAtUtc),
  };
}

export function toPublicRouteDto(row: HarvestRouteRow): CompatPublicRouteDto {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    target_job_ids: row.jobIds,
    target_resource_ids: row.resourceIds,
    route_data: row.steps,
    created_at: formatInstant(row.createdAtUtc),
    user_id: row.userId,
  };
}

/** A route that was just added or changed. */
export function toKeptRouteDto(row: HarvestRouteRow): CompatKeptRouteDto {
  return { ...toOwnRouteDto(row), user_id: row.userId };
}
