import { GramReader } from './name-grams.js';
import { type ComparedName, NameLikeness, type NameStatistics } from './name-likeness.js';
import type { NameSegment, Resembling } from './name-segment.js';
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
/** Further behind the likeliest one (natural logarithm), or less likely than this, a name is not returned: whoever ranks them sees noise in it. */
export const MOST_BEHIND = 14;
export const LEAST_LIKENESS = -1.5;

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
  const candidates = new Candidates(mostCompared, (segment, name) =>
    sees(segment, segments[segment]!.thingOf(name)),
  );
  segments.forEach((segment, at) => {
    candidates.segment = at;
    segment.resembling(grams, sum, candidates);
  });
  const likeness = new NameLikeness(model.channel, model.statistics, text);
  let least = LEAST_LIKENESS;
  const found: FoundName[] = [];
  candidates.forEach((segment, name, mayBeWritten) => {
    const value = segments[segment]!.compare(name, likeness, mayBeWritten, least);
    if (!(value >= least)) return;
    found.push({ segment, name, thing: segments[segment]!.thingOf(name), likeness: value });
    least = Math.max(least, value - MOST_BEHIND);
  });
  return found.filter((one) => one.likeness >= least).sort((a, b) => b.likeness - a.likeness);
}

/** Those that resemble the text most among the names that somebody sees: more than are wanted only where the last of them resemble it alike. */
class Candidates implements Resembling {
  /** Where the next ones stand. */
  segment = 0;
  least = Number.MIN_VALUE;
  private readonly counts = new Uint32Array(STEPS + 1);
  /** The highest one from which on there are as many as wanted. */
  private step = 0;
  private countFromStep = 0;
  private readonly segments: number[] = [];
  private readonly names: number[] = [];
  private readonly resemblances: number[] = [];

  constructor(
    private readonly most: number,
    private readonly sees: (segment: number, name: number) => boolean,
  ) {}

  add(name: number, resemblance: number): void {
    const step = Math.min(STEPS, (resemblance * STEPS) | 0);
    if (step < this.step || !this.sees(this.segment, name)) return;
    this.segments.push(this.segment);
    this.names.push(name);
    this.resemblances.push(resemblance);
    const { counts } = this;
    counts[step]! += 1;
    this.countFromStep += 1;
    while (this.countFromStep - counts[this.step]! >= this.most) {
      this.countFromStep -= counts[this.step]!;
      this.step += 1;
      this.least = this.step / STEPS;
    }
  }

  /** Those that may have been written by ear first: what is meant is most often one of them. */
  forEach(take: (segment: number, name: number, mayBeWritten: boolean) => void): void {
    const { segments, names, resemblances, least } = this;
    const leastWritten = leastOf(this.counts, MOST_WRITTEN);
    const others: number[] = [];
    for (let at = 0; at < names.length; at += 1) {
      const resemblance = resemblances[at]!;
      if (resemblance < least) continue;
      if (resemblance >= leastWritten) take(segments[at]!, names[at]!, true);
      else others.push(at);
    }
    for (const at of others) take(segments[at]!, names[at]!, false);
  }
}

/** @returns the resemblance above which there are as many as wanted; more than 0 */
function leastOf(counts: Uint32Array, most: number): number {
  let sum = 0;
  for (let step = STEPS; step > 0; step -= 1) {
    sum += counts[step]!;
    if (sum >= most) return step / STEPS;
  }
  return Number.MIN_VALUE;
}
