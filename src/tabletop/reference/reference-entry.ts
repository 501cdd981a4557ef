// What the rules' books call things: terms with a card per edition, the same for every group.

export const REFERENCE_CATEGORIES = [
  'armor',
  'background',
  'class',
  'class-feature',
  'condition',
  'creature-type',
  'damage-type',
  'equipment',
  'feat',
  'magic-item',
  'monster',
  'rule',
  'skill',
  'species',
  'species-trait',
  'spell',
  'weapon',
  'weapon-property',
] as const;
export type ReferenceCategory = (typeof REFERENCE_CATEGORIES)[number];

/** Of the System Reference Document: 5.1 is of the rules of 2014, 5.2 of those of 2024. */
export const REFERENCE_EDITIONS = ['5.1', '5.2'] as const;
export type ReferenceEdition = (typeof REFERENCE_EDITIONS)[number];

export interface ReferenceCard {
  readonly edition: ReferenceEdition;
  /** The class or species that it is of, where several have one of this name. */
  readonly of: string | null;
  /** Figures, one line each. */
  readonly facts: readonly string[];
  /** The beginning of the text; '' where there is none. */
  readonly text: string;
}

export interface ReferenceEntry {
  /** `spell-fireball`: never changes. */
  readonly slug: string;
  readonly term: string;
  readonly category: ReferenceCategory;
  readonly cards: readonly ReferenceCard[];
}

export interface Reference {
  /** SHA-256 of the file, 64 hex digits. */
  readonly checksum: string;
  /** What its licence asks to be shown with it. */
  readonly attribution: string;
  /** By slug. */
  readonly entries: readonly ReferenceEntry[];
}
