import type { BungieFaultKind } from './bungie-fault.js';

// Bungie's PlatformErrorCodes that mean something to us. Numbers are theirs and never change; what is not listed is `unexpected`.

export const SUCCESS = 1;

const KINDS: readonly (readonly [BungieFaultKind, readonly number[]])[] = [
  // SystemDisabled
  ['maintenance', [5]],
  // ThrottleLimitExceeded and its minutes, moment, seconds; per endpoint, application, anonymous, authenticated, user; the game's own
  ['throttled', [31, 35, 36, 37, 51, 54, 55, 56, 57, 1672]],
  // WebAuthRequired; codes, tokens and records of authorization that do not hold any more
  ['sign_in_again', [99, 2106, 2111, 2115, 2117, 2118, 2119, 2120, 2121, 2122, 2123, 2124]],
  // InsufficientPrivileges, DestinyPrivacyRestriction
  ['private', [12, 1665]],
  // DestinyAccountNotFound
  ['no_account', [1601]],
  // ApiInvalidOrExpiredKey, ApiKeyMissingFromRequest, ApplicationDisabled
  ['key', [2101, 2102, 2103]],
];

const KIND_OF = new Map(KINDS.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

/** @param errorCode any but success */
export function kindOfErrorCode(errorCode: number): BungieFaultKind {
  return KIND_OF.get(errorCode) ?? 'unexpected';
}

/** Throttles of the whole installation; the others are of one player, one endpoint or the game's servers. */
const SILENCING = new Set([31, 35, 36, 37, 54, 55, 56]);

export function silencesAll(errorCode: number): boolean {
  return SILENCING.has(errorCode);
}
