/**
 * A player's profile as Bungie minted it, read once and reduced to what this house uses. Hashes are unsigned 32-bit numbers, ids of
 * 64 bits are text. A component that did not come is `absent`; one that the player hides from us is `private`.
 */
export interface ProfileSnapshot {
  readonly membershipType: number;
  readonly membershipId: string;
  /** When Bungie made the profile's, characters' and items' components. */
  readonly mintedAtMs: number;
  /** When it made the records; they come from another cache. */
  readonly recordsMintedAtMs: number;
  readonly lastPlayedAtMs: number | null;
  readonly characters: readonly CharacterSnapshot[];
  readonly records: ComponentState;
  readonly profileRecords: ReadonlyMap<number, RecordSnapshot>;
  /** By character. */
  readonly characterRecords: ReadonlyMap<string, ReadonlyMap<number, RecordSnapshot>>;
  readonly inventory: ComponentState;
  /** Every item with an instance: vault, bags, equipment. */
  readonly items: readonly ItemSnapshot[];
}

export const COMPONENT_STATES = ['present', 'private', 'absent'] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

export interface CharacterSnapshot {
  readonly characterId: string;
  /** 0 Titan, 1 Hunter, 2 Warlock, others as Bungie adds them. */
  readonly classType: number;
  readonly minutesPlayed: number;
  readonly lastPlayedAtMs: number | null;
  readonly power: number | null;
}

export interface RecordSnapshot {
  readonly recordHash: number;
  /** Bits of DestinyRecordState: 1 redeemed, 2 reward unavailable, 4 objective not completed, 8 obscured, 16 invisible, 32 not owned. */
  readonly state: number;
  readonly objectives: readonly ObjectiveSnapshot[];
}

export interface ObjectiveSnapshot {
  readonly objectiveHash: number;
  readonly progress: number | null;
  /** This instance's target; null where the answer holds none. */
  readonly completionValue: number | null;
  readonly isComplete: boolean;
  readonly isVisible: boolean;
}

export const ITEM_LOCATIONS = ['equipped', 'inventory', 'vault', 'postmaster'] as const;
export type ItemLocation = (typeof ITEM_LOCATIONS)[number];

export interface ItemSnapshot {
  readonly itemInstanceId: string;
  readonly itemHash: number;
  readonly bucketHash: number;
  readonly location: ItemLocation;
  /** Null in the vault. */
  readonly characterId: string | null;
  /** Bits: 1 locked, 2 tracked, 4 masterwork, 8 crafted. */
  readonly state: number;
  readonly power: number | null;
  /** Bungie's DamageType: 1 kinetic, 2 arc, 3 solar, 4 void, 6 stasis, 7 strand; null where the item deals none. */
  readonly damageType: number | null;
  readonly stats: readonly StatSnapshot[];
  readonly sockets: readonly SocketSnapshot[];
}

export interface StatSnapshot {
  readonly statHash: number;
  readonly value: number;
}

/** In the order of the item's definition; the index of a socket is its position here. */
export interface SocketSnapshot {
  /** What is plugged in. */
  readonly plugHash: number | null;
  readonly isEnabled: boolean;
  readonly isVisible: boolean;
  /** What this copy could have instead, the present plug included; empty where the component did not come. */
  readonly choices: readonly number[];
}
