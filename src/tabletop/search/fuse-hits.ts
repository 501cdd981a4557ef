// Lists of different kinds (names by likeness, texts by rank, secrets) are put together by the places in them, not by their figures, which
// cannot be compared: reciprocal rank fusion (Cormack, Clarke & Buettcher, 2009). What is called exactly what was asked for comes first.

/** How much the first places of a list count more than the later ones. */
const DAMPING = 60;

export interface RankedList {
  readonly weight: number;
  /** Ids, the best first. */
  readonly ids: readonly string[];
}

/** @param exact ids that come first, in their order @returns every id once, the best first, with what it was judged by */
export function fuseHits(
  lists: readonly RankedList[],
  exact: readonly string[],
): { id: string; score: number }[] {
  const scores = new Map<string, number>(exact.map((id, place) => [id, exact.length - place]));
  for (const { weight, ids } of lists)
    ids.forEach((id, place) => scores.set(id, (scores.get(id) ?? 0) + weight / (DAMPING + place + 1)));
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
