import { LIST_TRAITS, type PlaceTraits, SINGLE_TRAITS } from './inherited-traits.js';

/** What a place is, from the largest to the smallest; nobody is kept from putting a region into a room. */
export const LOCATION_TYPES = [
  'world',
  'region',
  'settlement',
  'district',
  'wilderness',
  'dungeon',
  'building',
  'room',
  'other',
] as const;
export type LocationType = (typeof LOCATION_TYPES)[number];

/** Where a place lies on the picture of the place around it: shares of width and height, 0 to 1 from the upper left. */
export interface MapPosition {
  readonly x: number;
  readonly y: number;
}

/** What is special to a location. Everybody who sees the place sees all of it; what they may not know is a secret. */
export interface LocationDetails {
  readonly type: LocationType;
  /** Of the place itself, not inherited; null = nobody said. */
  readonly population: number | null;
  readonly position: MapPosition | null;
  readonly traits: PlaceTraits;
}

/** Details as they are stored, whoever stored them: what is missing is not said. */
export function locationDetailsOf(details: object): LocationDetails {
  const stored = details as Partial<LocationDetails>;
  return {
    type: LOCATION_TYPES.find((type) => type === stored.type) ?? 'other',
    population: stored.population ?? null,
    position: stored.position ?? null,
    traits: traitsOf(stored.traits ?? {}),
  };
}

/** The known ones, as far as they are said. */
export function traitsOf(stored: PlaceTraits): PlaceTraits {
  return Object.fromEntries(
    [...SINGLE_TRAITS, ...LIST_TRAITS]
      .filter((field) => stored[field] !== undefined)
      .map((field) => [field, stored[field]]),
  );
}
