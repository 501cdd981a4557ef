import type { Json } from '../langfuse/canonical-rows.js';
import { isHiddenPick, offeredIn, pickIn, type SpokenChoices } from './choices.js';
import { everythingAsked, saidOf } from './conversation.js';

// What a generation tells of choices. Kept beside its row when that is stored, since its texts are dropped one day and figures are made
// anew after that: titles are the game's own words, and of what a player sent only the letter is kept.

/** What the game asks its routing agents with. */
const OWN_WORDS = new Set(['analyze', 'extract']);

/** @returns null where there is nothing of the kind */
export function choicesIn(input: Json, output: Json): SpokenChoices | null {
  const said = saidOf(output);
  const offered = offeredIn(said === '' ? output : said);
  const pickedKey =
    newlyAsked(input)
      .map(pickIn)
      .find((pick) => pick !== null)?.key ?? null;
  return offered.length === 0 && pickedKey === null ? null : { offered, pickedKey };
}

/** What the player's side sent, without the game's own words. An input carries the whole talk so far; what is new in it is its end. */
export function newlyAsked(input: Json): readonly string[] {
  return newestOf(everythingAsked(input)).filter((text) => text !== '' && !OWN_WORDS.has(text));
}

/** The last words, and with a hidden pick those that stand before it for people. */
function newestOf(everything: readonly string[]): readonly string[] {
  const last = everything.at(-1);
  if (last === undefined) return [];
  return isHiddenPick(last) ? everything.slice(-2) : [last];
}
