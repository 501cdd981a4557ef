import type { LinkKind } from '../links/link-kinds.js';
import type { ObjectKind } from '../objects/object-kinds.js';

/** How something is tied to a place: by which links, and of what kind it is. */
export interface PlaceTie {
  readonly kind: LinkKind;
  /** Of the links. */
  readonly type: string;
  /** Which end of the link the place is. */
  readonly placeEnd: 'from' | 'to';
  /** What may be at the other end. */
  readonly others: readonly ObjectKind[];
}

/** Who lives or works there, what may be met there, who was there. */
export const PLACE_TIES = {
  occupants: { kind: 'appearance', type: 'is-here', placeEnd: 'to', others: ['character'] },
  encounterTables: { kind: 'mention', type: 'encounters', placeEnd: 'from', others: ['table', 'encounter'] },
  visits: { kind: 'visit', type: 'visited', placeEnd: 'to', others: ['session', 'character'] },
} as const satisfies Record<string, PlaceTie>;
export type PlaceTieName = keyof typeof PLACE_TIES;
