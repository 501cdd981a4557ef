import type { SceneGrid, TokenPlace } from './foundry-scene.js';
import { plainGrid, writeToken } from './foundry-scene.js';
import type {
  FoundrySceneDto,
  FoundrySceneReportDto,
  MapMarkerDto,
  TokenPlaceDto,
} from './map-markers.dto.js';
import type { FoundryTokenRow, MarkerRow } from './map-markers.repository.js';
import type { TokenMerge } from './token-merge.js';

/** Foundry's square grid. */
const SQUARE = 1;

export function toMarkerDto(row: MarkerRow): MapMarkerDto {
  return {
    id: row.id,
    mapId: row.mapId,
    kind: row.kind,
    name: row.name,
    note: row.note,
    objectId: row.objectId,
    x: row.x,
    y: row.y,
    width: row.width,
    height: row.height,
    elevation: row.elevation,
    rotationDeg: row.rotationDeg,
    isHidden: row.isHidden,
    version: row.version,
  };
}

/** @param removedCount of those that the scene does not have */
export function toSceneReportDto(
  merge: TokenMerge,
  removedCount: number,
  notes: readonly string[],
): FoundrySceneReportDto {
  return {
    addedCount: merge.added.length,
    changedCount: merge.changed.length,
    unchangedCount: merge.unchanged.length,
    removedCount,
    conflicts: merge.conflicts.map(({ known, next }) => ({
      id: known.id,
      here: toPlaceDto(known),
      inFoundry: toPlaceDto(next),
    })),
    missing: removedCount > 0 ? [] : merge.missing.map(({ id, name }) => ({ id, name })),
    notes: [...notes],
  };
}

/** @param map null of one without a picture: a cell is as large as Foundry has it then */
export function toSceneDto(
  name: string,
  map: {
    widthPx: number;
    heightPx: number;
    cellPx: number;
    cellDistance: number;
    distanceUnit: string;
  } | null,
  tokens: readonly FoundryTokenRow[],
): FoundrySceneDto {
  const grid: SceneGrid = plainGrid(map?.cellPx ?? 100);
  return {
    name,
    scene: {
      name,
      width: map?.widthPx ?? 0,
      height: map?.heightPx ?? 0,
      padding: 0,
      grid: {
        type: SQUARE,
        size: grid.cellPx,
        distance: map?.cellDistance ?? 5,
        units: map?.distanceUnit ?? 'ft',
      },
      tokens: tokens.map((token) => writeToken(token, grid)),
    },
  };
}

function toPlaceDto({
  name,
  x,
  y,
  width,
  height,
  elevation,
  rotationDeg,
  isHidden,
}: TokenPlace): TokenPlaceDto {
  return { name, x, y, width, height, elevation, rotationDeg, isHidden };
}
