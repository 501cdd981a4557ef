// Where a route may lead. Only maps of the world's map count: those of caves and dungeons share the coordinates of their entrance.
// Several maps may lie at one place (layers of a town); for a route they are one, known by the lowest id.
//
// No public source says how many plants stand on which map. What is known is which resources a subarea grows, so a visit to one of its
// places is expected to bring ONE stand of each. Values of routes compare places and prices, they are no forecast of an income.

/** Stands of each resource that one visit of a place is expected to bring. */
export const EXPECTED_COUNT = 1;

export interface HarvestSubarea {
  /** The game's own id, as all ids here. */
  id: number;
  areaId: number;
  level: number;
  isOnWorldMap: boolean;
  resourceIds: readonly number[];
}

export interface HarvestMap {
  id: number;
  x: number;
  y: number;
  subareaId: number;
}

/** What grows where, and where the maps lie. Lists ascend by id. */
export interface HarvestWorld {
  subareas: ReadonlyMap<number, HarvestSubarea>;
  maps: readonly HarvestMap[];
}

/** A place with something that is wanted. */
export interface HarvestPlace extends HarvestMap {
  /** What of the wanted grows there, ascending. */
  resourceIds: number[];
}

/** Places of the world's map where some of the wanted resources grow, by the id of their map. */
export function placesOf(
  world: HarvestWorld,
  wanted: ReadonlySet<number>,
  excludedSubareas: ReadonlySet<number> = new Set(),
): HarvestPlace[] {
  const grown = new Map<number, number[]>();
  for (const { id, isOnWorldMap, resourceIds } of world.subareas.values()) {
    const found = isOnWorldMap && !excludedSubareas.has(id) ? resourceIds.filter((r) => wanted.has(r)) : [];
    if (found.length > 0) grown.set(id, found);
  }
  const places = new Map<string, HarvestPlace>();
  for (const map of world.maps) {
    const found = grown.get(map.subareaId);
    if (!found) continue;
    const key = `${map.x},${map.y}`;
    const known = places.get(key);
    if (known) known.resourceIds = merged(known.resourceIds, found);
    else places.set(key, { ...map, resourceIds: found });
  }
  return [...places.values()];
}

/** One map for each place of the world's map within bounds, both inclusive. */
export function mapsWithin(
  world: HarvestWorld,
  bounds: { minX: number; maxX: number; minY: number; maxY: number },
): HarvestMap[] {
  const places = new Map<string, HarvestMap>();
  for (const map of world.maps) {
    const { x, y } = map;
    const isInside = x >= bounds.minX && x <= bounds.maxX && y >= bounds.minY && y <= bounds.maxY;
    const key = `${x},${y}`;
    if (isInside && !places.has(key) && world.subareas.get(map.subareaId)?.isOnWorldMap) places.set(key, map);
  }
  return [...places.values()];
}

/** Number of places of each subarea of the world's map. */
export function placeCounts(world: HarvestWorld): Map<number, number> {
  const places = new Map<number, Set<string>>();
  for (const { x, y, subareaId } of world.maps) {
    if (!world.subareas.get(subareaId)?.isOnWorldMap) continue;
    const of = places.get(subareaId) ?? new Set<string>();
    places.set(subareaId, of.add(`${x},${y}`));
  }
  return new Map([...places].map(([id, keys]) => [id, keys.size]));
}

function merged(one: readonly number[], other: readonly number[]): number[] {
  if (other.every((id) => one.includes(id))) return [...one];
  return [...new Set([...one, ...other])].sort((a, b) => a - b);
}
