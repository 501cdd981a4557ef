import { GramReader } from './name-grams.js';
import { type ComparedName, NameLikeness, type NameStatistics } from './name-likeness.js';
import type { NameSegment } from './name-segment.js';
import type { SoundChannel } from './sound-channel.js';

// Which of many names a text means: those that share most pieces with it are compared with it one by one. Who asks sees some of the names,
// and the others are left out before anything is counted, so that they change nothing: how many are compared is cut at a resemblance,
// never at a place in a list that hidden names stand in.

/** What names are compared by, the same for all campaigns of a language. */
export interface NameModel {
  readonly channel: SoundChannel;
  readonly statistics: NameStatistics;
  readonly weights: Float32Array;
}

export interface FoundName {
  readonly segment: number;
  readonly name: number;
  readonly thing: number;
  /** Natural logarithm: how much likelier the text is given this name than among all. */
  readonly likeness: number;
}

/** So many names, those that share most with the text, are compared as written by ear too: the dearest channel, and none for the far ones. */
const MOST_WRITTEN = 300;
/** So many names are compared at least, where as many resemble the text at all. */
export const MOST_COMPARED = 1_200;
const STEPS = 8_192;

/**
 * @param sees by segment and the thing that a name is of
 * @returns by likeness, the likeliest first; each thing may come by several of its names
 */
export function lookUp(
  model: NameModel,
  segments: readonly NameSegment[],
  text: ComparedName,
  sees: (segment: number, thing: number) => boolean,
  mostCompared = MOST_COMPARED,
): FoundName[] {
  if (text.letters.length === 0) return [];
  const grams = new GramReader().read(
    text.letters,
    0,
    text.letters.length,
    text.phones,
    0,
    text.phones.length,
  );
  const sum = grams.reduce((total, gram) => total + model.weights[gram]!, 0);
  const resemblances = segments.map((segment) => segment.resemblance(grams, sum));
  const counts = new Uint32Array(STEPS + 1);
  resemblances.forEach((resemblance, at) => {
    const segment = segments[at]!;
    for (let name = 0; name < resemblance.length; name += 1) {
      const value = resemblance[name]!;
      if (value > 0 && sees(at, segment.thingOf(name))) counts[(value * STEPS) | 0]! += 1;
      else resemblance[name] = 0;
    }
  });
  const least = leastCompared(counts, mostCompared);
  const leastWritten = leastCompared(counts, MOST_WRITTEN);
  const likeness = new NameLikeness(model.channel, model.statistics, text);
  const found: FoundName[] = [];
  resemblances.forEach((resemblance, at) => {
    const segment = segments[at]!;
    for (let name = 0; name < resemblance.length; name += 1)
      if (resemblance[name]! >= least)
        found.push({
          segment: at,
          name,
          thing: segment.thingOf(name),
          likeness: segment.compare(name, likeness, resemblance[name]! >= leastWritten),
        });
  });
  return found.sort((a, b) => b.likeness - a.likeness);
}

/** @returns the resemblance above which there are as many as wanted; more than 0 */
function leastCompared(counts: Uint32Array, most: number): number {
  let sum = 0;
  for (let step = STEPS; step > 0; step -= 1) {
    sum += counts[step]!;
    if (sum >= most) return step / STEPS;
  }
  return Number.MIN_VALUE;
}
