import { iconUrl } from '../icons/market-icon.js';
import type { HarvestMapDto, HarvestPriceDto, HarvestResourceDto, HarvestSubareaDto } from './harvest.dto.js';
import type { MapRow, ResourcePriceRow, ResourceRow, SubareaRow } from './harvest.repository.js';

export function toHarvestResourceDto(row: ResourceRow): HarvestResourceDto {
  return {
    resourceId: row.id,
    itemId: row.itemId,
    name: row.name,
    nameEn: row.nameEn,
    iconUrl: iconUrl(row.iconId),
    jobId: row.jobId,
    level: row.level,
  };
}

export function toHarvestSubareaDto(row: SubareaRow, placeCount: number): HarvestSubareaDto {
  return {
    subareaId: row.id,
    areaId: row.areaId,
    level: row.level,
    isOnWorldMap: row.isOnWorldMap,
    placeCount,
    resourceIds: [...row.resourceIds],
  };
}

export function toHarvestMapDto(row: MapRow): HarvestMapDto {
  return { mapId: row.id, x: row.x, y: row.y, subareaId: row.subareaId };
}

export function toHarvestPriceDto(row: ResourcePriceRow): HarvestPriceDto {
  return {
    resourceId: row.id,
    unitPrice: row.price,
    capturedAt: row.capturedAt.toISOString(),
    isSimulated: row.isSimulated,
  };
}
