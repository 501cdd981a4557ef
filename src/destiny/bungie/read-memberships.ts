import {
  bitsOf,
  idOf,
  instantOf,
  int32Of,
  isObject,
  type JsonObject,
  listOf,
  objectOf,
  textOf,
} from './answer-fields.js';
import { malformed } from './bungie-fault.js';

// Who somebody is in Destiny: the answers of GetMembershipsForCurrentUser and GetLinkedProfiles.

export interface MembershipCard {
  /** 1 Xbox, 2 PlayStation, 3 Steam, 4 Blizzard, 5 Stadia, 6 Epic, 10 Demon, 20 Goliath, others as Bungie adds them. */
  readonly membershipType: number;
  readonly membershipId: string;
  readonly displayName: string | null;
  /** Path below Bungie's address. */
  readonly iconPath: string | null;
  /** Another platform of the same player's cross-save has taken it over. */
  readonly isOverridden: boolean;
}

export interface MembershipsAnswer {
  /** Of Bungie.net, not of Destiny. */
  readonly bungieId: string;
  /** The platform of the player's cross-save; null where there is none. */
  readonly primaryMembershipId: string | null;
  readonly cards: readonly MembershipCard[];
}

/** @throws BungieFault malformed */
export function readMemberships(response: unknown): MembershipsAnswer {
  const answer = objectOf(response, 'memberships');
  const bungieId = idOf(objectOf(answer['bungieNetUser'], 'bungieNetUser')['membershipId']);
  if (bungieId === undefined) throw malformed('bungieNetUser');
  return {
    bungieId,
    primaryMembershipId: idOf(answer['primaryMembershipId']) ?? null,
    cards: cardsOf(answer['destinyMemberships']),
  };
}

export interface LinkedProfile {
  readonly membershipType: number;
  readonly membershipId: string;
  readonly lastPlayedAtMs: number | null;
}

/**
 * Those that Bungie could read: the others (`profilesWithErrors`) are accounts without a character, of Destiny 1, or out of reach just
 * now, and none of these is played. @throws BungieFault malformed
 */
export function readLinkedProfiles(response: unknown): LinkedProfile[] {
  const { profiles } = objectOf(response, 'linked profiles');
  return listOf(profiles, 'linked profiles').flatMap((profile) => {
    if (!isObject(profile)) return [];
    const key = keyOf(profile);
    return key === undefined ? [] : { ...key, lastPlayedAtMs: instantOf(profile['dateLastPlayed']) ?? null };
  });
}

function cardsOf(value: unknown): MembershipCard[] {
  const found = new Map<string, MembershipCard>();
  for (const card of listOf(value, 'destinyMemberships')) {
    const key = keyOf(objectOf(card, 'destinyMemberships'));
    if (key === undefined) continue;
    const { membershipType, membershipId } = key;
    found.set(`${membershipType} ${membershipId}`, {
      ...key,
      displayName: nameOf(card as JsonObject),
      iconPath: pathOf((card as JsonObject)['iconPath']),
      isOverridden: isOverridden(card as JsonObject, membershipType),
    });
  }
  return [...found.values()];
}

function keyOf(card: JsonObject): { membershipType: number; membershipId: string } | undefined {
  const membershipType = bitsOf(card['membershipType']);
  const membershipId = idOf(card['membershipId']);
  // 0 is no platform, 254 Bungie.net itself.
  const isPlatform = membershipType !== undefined && membershipType > 0 && membershipType < 254;
  return isPlatform && membershipId !== undefined ? { membershipType, membershipId } : undefined;
}

function isOverridden(card: JsonObject, membershipType: number): boolean {
  const override = int32Of(card['crossSaveOverride']) ?? 0;
  if (override !== 0) return override !== membershipType;
  const applicable = card['applicableMembershipTypes'];
  return Array.isArray(applicable) && applicable.length === 0;
}

/** `Guardian#0042` where there is a name of all platforms, else the platform's. */
function nameOf(card: JsonObject): string | null {
  const name = textOf(card['bungieGlobalDisplayName'], 60);
  const code = bitsOf(card['bungieGlobalDisplayNameCode']);
  if (name === null) return textOf(card['displayName'], 60);
  return code === undefined ? name : `${name}#${String(code).padStart(4, '0')}`;
}

function pathOf(value: unknown): string | null {
  return typeof value === 'string' && /^\/[\w./-]{1,200}$/.test(value) ? value : null;
}
