// DIM's wish lists: plain text in which somebody says which rolls of weapons are worth keeping. A line is one roll; notes hold from where
// they stand until a blank line or a comment:
//
//   title:My list
//   description:What it is about
//   //notes:For raids|tags:pve
//   dimwishlist:item=2023002233&perks=1467527085,2969185026#notes:Of its own|tags:god-pve
//
// A negative item is a roll to throw away, -69420 is any item, no perks mean the whole item, and the item may be an item category.
// https://github.com/DestinyItemManager/DIM/blob/master/docs/COMMUNITY_CURATIONS.md

/** What DIM writes for any item. */
export const ANY_ITEM = -69_420;

export const MOST_ROLLS = 500_000;
/** Perks that a roll may name; a weapon has about ten sockets, and lists name alternatives in rolls of their own. */
export const MOST_PERKS = 32;
/** Of a line, in UTF-16 units; what is longer is refused. */
export const MOST_LINE_LENGTH = 20_000;
export const MOST_TITLE_LENGTH = 200;
export const MOST_DESCRIPTION_LENGTH = 2_000;
/** What is longer is cut. */
export const MOST_NOTES_LENGTH = 4_000;
export const MOST_TAGS = 20;
export const MOST_TAG_LENGTH = 40;

/** What somebody says of rolls; those of a block share one object. */
export interface WishNotes {
  /** Empty where there are tags only. */
  readonly text: string;
  readonly tags: readonly string[];
}

export interface WishRoll {
  /** An item or an item category; null = any item. */
  readonly itemHash: number | null;
  /** To be thrown away. */
  readonly isTrash: boolean;
  /** Plugs that all have to be there, each once, in the list's order; none = the whole item. */
  readonly perks: readonly number[];
  readonly notes: WishNotes | null;
}

export const LINE_FAULTS = [
  /** Neither a roll nor anything else that a list holds. */
  'unknown-line',
  'line-too-long',
  'bad-item',
  'bad-perks',
  'too-many-perks',
] as const;
export type LineFaultCode = (typeof LINE_FAULTS)[number];

/** A line that was passed over. */
export interface LineFault {
  /** From 1 on. */
  readonly line: number;
  readonly code: LineFaultCode;
}

export interface WishList {
  readonly title: string | null;
  readonly description: string | null;
  readonly rolls: readonly WishRoll[];
}

/** The list as text, which reads as the same list. */
export function printWishList({ title, description, rolls }: WishList): string {
  const lines = [
    ...(title === null ? [] : [`title:${title}`]),
    ...(description === null ? [] : [`description:${description}`]),
  ];
  let notes: WishNotes | null = null;
  for (const roll of rolls) {
    if (!areSameNotes(roll.notes, notes)) {
      lines.push('');
      if (roll.notes !== null) lines.push(`//notes:${printNotes(roll.notes)}`);
      ({ notes } = roll);
    }
    lines.push(printRoll(roll));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function printRoll({ itemHash, isTrash, perks }: WishRoll): string {
  const item = itemHash === null ? ANY_ITEM : isTrash ? -itemHash : itemHash;
  return `dimwishlist:item=${item}${perks.length === 0 ? '' : `&perks=${perks.join(',')}`}`;
}

function printNotes({ text, tags }: WishNotes): string {
  return tags.length === 0 ? text : `${text}|tags:${tags.join(',')}`;
}

function areSameNotes(a: WishNotes | null, b: WishNotes | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || printNotes(a) === printNotes(b);
}
