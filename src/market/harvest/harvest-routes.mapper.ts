import type { HarvestRouteDto } from './harvest-routes.dto.js';
import type { HarvestRouteRow } from './harvest-routes.repository.js';

export function toHarvestRouteDto(row: HarvestRouteRow, callerId: string): HarvestRouteDto {
  return {
    id: row.id,
    isOwn: row.userId === callerId,
    name: row.name,
    description: row.description,
    jobIds: row.jobIds,
    resourceIds: row.resourceIds,
    steps: row.steps,
    isPublic: row.isPublic,
    createdAt: new Date(`${row.createdAtUtc}Z`).toISOString(),
    updatedAt: new Date(`${row.updatedAtUtc}Z`).toISOString(),
  };
}
