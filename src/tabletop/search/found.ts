import type { NameHit } from '../names/name-index.js';
import { MASTERS_NAMES } from './masters-names.js';
import { type LikelyName, rankNames } from './rank-names.js';
import type { JudgedRow } from './search.repository.js';
import type { FoundSecrets } from './secret-words.service.js';

// What an engine found, the same whichever it was.

/** So many names are judged by the database where a filter may leave few of them. */
const MOST_NAMED = 200;

export interface Found {
  readonly names: readonly LikelyName<NameHit>[];
  readonly judged: JudgedRow;
  readonly secrets: ReadonlyMap<string, string[]>;
  /** The question quotes a secret: it is not kept. */
  readonly isDelicate: boolean;
}

/** @returns ids of those that may be meant, the likeliest first */
export function likelyNames(hits: readonly NameHit[]): string[] {
  return rankNames(hits, () => false)
    .slice(0, MOST_NAMED)
    .map(({ hit }) => hit.id);
}

/** @param judged what of it the asker sees */
export function toFound(
  hits: readonly NameHit[],
  { fields, isDelicate }: FoundSecrets,
  judged: JudgedRow,
): Found {
  const seen = new Set(judged.named);
  const recent = new Set(judged.recent);
  return {
    names: rankNames(
      hits.filter(({ id }) => seen.has(id)),
      (id) => recent.has(id),
    ),
    judged,
    secrets: new Map([...fields].filter(([id]) => seen.has(id))),
    isDelicate,
  };
}

/** What masters alone call a thing is the thing. */
export function merged(hits: readonly NameHit[]): NameHit[] {
  const known = new Set<string>();
  return hits.flatMap((hit) => {
    const id = hit.id.endsWith(MASTERS_NAMES) ? hit.id.slice(0, -MASTERS_NAMES.length) : hit.id;
    if (known.has(id)) return [];
    known.add(id);
    return [{ ...hit, id }];
  });
}
