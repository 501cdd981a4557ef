// What generators make: something that a master looks at, changes, and takes over or not.
export const GENERATION_KINDS = ['npc', 'location', 'shop', 'encounter', 'loot', 'hook'] as const;
export type GenerationKind = (typeof GENERATION_KINDS)[number];

/** Text for the master alone, by what it is about; becomes a secret of the object. */
export interface DraftSecret {
  readonly field: string;
  readonly text: string;
}

export interface GeneratedDraft {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Paragraphs, blank lines between them. Nothing in it is secret. */
  readonly body: string;
  readonly tags: readonly string[];
  /** By kind: see the generators. Nothing in it is secret. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly secrets: readonly DraftSecret[];
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "an elf", "a dwarf". */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
