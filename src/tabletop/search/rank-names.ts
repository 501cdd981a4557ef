// Likeness says how much likelier a text is given a name than among names at large. With a guess at how often nothing that has a name is
// meant, it becomes the probability that this one is: by Bayes' rule over the names that were found and "none of them".

/** "None of them" counts like so many names that are as likely as chance: typing at random seldom finds one of a few hundred. */
const NONE = 500;
/** Further behind the likeliest one than this (natural logarithm) a name is noise. */
const MOST_BEHIND = 12;
/** Who was met in the last two sessions is asked for so many times as often. */
export const RECENT_FACTOR = 4;

export interface LikelyName<Hit> {
  readonly hit: Hit;
  /** Probability that it is meant, 0 to 1. */
  readonly confidence: number;
}

/**
 * @param hits by what they are called @param isRecent whom the table has met lately
 * @returns those that may be meant, the likeliest first, equals by their ids
 */
export function rankNames<Hit extends { readonly id: string; readonly likeness: number }>(
  hits: readonly Hit[],
  isRecent: (id: string) => boolean,
): LikelyName<Hit>[] {
  const judged = hits
    .map((hit) => ({ hit, log: hit.likeness + (isRecent(hit.id) ? Math.log(RECENT_FACTOR) : 0) }))
    .filter(({ log }) => log > 0)
    .sort((a, b) => b.log - a.log || (a.hit.id < b.hit.id ? -1 : 1));
  const best = judged[0]?.log ?? 0;
  const likely = judged.filter(({ log }) => log > best - MOST_BEHIND);
  const all = likely.reduce((sum, { log }) => sum + Math.exp(log - best), NONE * Math.exp(-best));
  return likely.map(({ hit, log }) => ({ hit, confidence: Math.exp(log - best) / all }));
}
