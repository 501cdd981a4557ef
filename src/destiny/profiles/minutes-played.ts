// How long a player has played, over all characters. Bungie tells it per character and forgets those that are deleted; a sum that fell with
// them would stand still for weeks until play had made up for it, and every rate per hour with it. So what is stored grows by what each
// character has grown.
//
// Invariant: it never falls.
import type { CharacterSnapshot } from '../bungie/profile-snapshot.js';

type Played = Pick<CharacterSnapshot, 'characterId' | 'minutesPlayed'>;

/**
 * @param before as it is stored; `characters` of the reading before
 * @param characters of this reading; empty where none came
 * @param elapsedMs between the two readings; null = this is the first one
 * @returns minutes
 */
export function minutesPlayedSoFar(
  before: { readonly minutesPlayed: number; readonly characters: readonly Played[] },
  characters: readonly Played[],
  elapsedMs: number | null,
): number {
  const known = new Map(before.characters.map((each) => [each.characterId, each.minutesPlayed]));
  // A character that is new to us is new, or was missing for a while: it cannot have played longer than we did not look.
  const mostOfNew =
    elapsedMs === null || known.size === 0 ? Infinity : Math.max(0, Math.ceil(elapsedMs / 60_000));
  return characters.reduce((total, { characterId, minutesPlayed }) => {
    const then = known.get(characterId);
    const growth = then === undefined ? Math.min(minutesPlayed, mostOfNew) : minutesPlayed - then;
    return total + Math.max(0, growth);
  }, before.minutesPlayed);
}
