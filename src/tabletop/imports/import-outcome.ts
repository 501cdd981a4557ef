import type { MergeConflict } from './three-way-merge.js';

/** `proposed`: a master has the last word on it. */
export const IMPORT_OUTCOMES = ['created', 'updated', 'unchanged', 'proposed', 'refused'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

/** What became of a thing of a file. */
export interface ImportedThing {
  /** Null where none was made. */
  readonly id: string | null;
  readonly name: string;
  readonly outcome: ImportOutcome;
}

export type ImportCounts = Partial<Record<ImportOutcome, number>>;

export interface ImportProgress {
  readonly counts: ImportCounts;
  readonly objects: readonly ImportedThing[];
  readonly conflicts: readonly MergeConflict[];
}

const MOST_KEPT = 200;

/** A report of so many thousand things is read by nobody: the counts are of all, the lists of the first. */
export function withThings(
  { counts, objects, conflicts }: ImportProgress,
  things: readonly ImportedThing[],
  more: readonly MergeConflict[],
): ImportProgress {
  const next: ImportCounts = { ...counts };
  for (const { outcome } of things) next[outcome] = (next[outcome] ?? 0) + 1;
  return {
    counts: next,
    objects: [...objects, ...things].slice(0, MOST_KEPT),
    conflicts: [...conflicts, ...more].slice(0, MOST_KEPT),
  };
}
