// What an objective asks for, read from its English words, and which activity a catalyst belongs to when an evening is planned. Nearly
// all catalysts take kills with the weapon, anywhere; the few that do not are why this file exists (specs: the non-generic objectives).

export const OBJECTIVE_KINDS = [
  'insert',
  'kills',
  'crucible_kills',
  'cabal_kills',
  'precision_kills',
  'multikills',
  'bounties',
  'medals',
  'perk_kills',
  'mode_kills',
  'reshape',
] as const;
export type ObjectiveKind = (typeof OBJECTIVE_KINDS)[number];

/** Where or how a catalyst makes progress. `anywhere`: kills with the weapon in any activity. `table`: reshape at the Enclave. */
export const ACTIVITIES = [
  'anywhere',
  'crucible',
  'cabal',
  'precision',
  'multikills',
  'bounties',
  'exotic_perk',
  'element_modes',
  'table',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** In this order: "Crucible Enemies Defeated" has to be asked before "Enemies Defeated". */
const RULES: readonly (readonly [RegExp, ObjectiveKind])[] = [
  [/\binsert the catalyst\b/i, 'insert'],
  [/\breshape/i, 'reshape'],
  [/\bbount(?:y|ies)\b/i, 'bounties'],
  [/\bmedals?\b/i, 'medals'],
  [/\bmultikills?\b/i, 'multikills'],
  [/\bprecision\b/i, 'precision_kills'],
  [/\bcrucible\b|\bguardians\b/i, 'crucible_kills'],
  [/\bcabal\b/i, 'cabal_kills'],
  [/\b(?:arc|solar|void) mode\b/i, 'mode_kills'],
  [/^(?:targets|enemies|combatants|opponents) defeated$/i, 'kills'],
  [/\bkills$/i, 'perk_kills'],
];

export function objectiveKind(text: string): ObjectiveKind {
  return RULES.find(([pattern]) => pattern.test(text.trim()))?.[1] ?? 'kills';
}

/** The narrowest demand decides: where several stand together, the first in this order. */
const ACTIVITY_OF_KIND: readonly (readonly [ObjectiveKind, Activity])[] = [
  ['reshape', 'table'],
  ['bounties', 'bounties'],
  ['crucible_kills', 'crucible'],
  ['cabal_kills', 'cabal'],
  ['precision_kills', 'precision'],
  ['multikills', 'multikills'],
  ['mode_kills', 'element_modes'],
  ['perk_kills', 'exotic_perk'],
];

/**
 * @param texts of the objectives, English
 * @param description of the record: some tell there alone that only the Crucible counts; null where it is not known
 */
export function activityOf(texts: readonly string[], description: string | null): Activity {
  const kinds = new Set(texts.map(objectiveKind));
  if (/\bin the crucible\b/i.test(description ?? '')) kinds.add('crucible_kills');
  return ACTIVITY_OF_KIND.find(([kind]) => kinds.has(kind))?.[1] ?? 'anywhere';
}
