// A shortest way between two ends without looking at the whole graph: a level of neighbours at a time, always around the end that has fewer to
// look at, until the two searches meet. Whatever meets first does so at the outermost level of both, so every meeting of that level is equally
// short, and the one with the smallest id is taken.
import { walkBack } from './graph.js';

/** A neighbour, and the end from which it was reached. */
export interface Step {
  readonly id: string;
  readonly via: string;
}

/** All neighbours of these ends, each at least once. */
export type Expand = (level: readonly string[]) => Promise<readonly Step[]>;

/** `too-far`: they did not meet within so many levels of both searches together. */
export type SearchEnd = { readonly path: string[] } | 'apart' | 'too-far';

interface Side {
  readonly cameFrom: Map<string, string | null>;
  level: string[];
}

export async function searchBothEnds(
  from: string,
  to: string,
  expand: Expand,
  mostLevels: number,
): Promise<SearchEnd> {
  if (from === to) return { path: [from] };
  const [near, far] = [sideOf(from), sideOf(to)];
  for (let done = 0; done < mostLevels; done += 1) {
    const [side, other] = near.level.length <= far.level.length ? [near, far] : [far, near];
    const met = advance(side, other, await expand(side.level));
    if (met !== null)
      return { path: [...walkBack(near.cameFrom, met), ...walkBack(far.cameFrom, met).reverse().slice(1)] };
    if (side.level.length === 0) return 'apart';
  }
  return 'too-far';
}

function sideOf(end: string): Side {
  return { cameFrom: new Map([[end, null]]), level: [end] };
}

/** @returns where the two searches met; null = not yet */
function advance(side: Side, other: Side, steps: readonly Step[]): string | null {
  const fresh = new Map<string, string>();
  for (const { id, via } of steps) {
    if (side.cameFrom.has(id)) continue;
    const known = fresh.get(id);
    if (known === undefined || via < known) fresh.set(id, via);
  }
  let met: string | null = null;
  for (const [id, via] of fresh) {
    side.cameFrom.set(id, via);
    if (other.cameFrom.has(id) && (met === null || id < met)) met = id;
  }
  side.level = [...fresh.keys()];
  return met;
}
