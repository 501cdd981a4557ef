// Everything of a character that is changed by merge patches, in one document: what whoever sees it may read, and how it is played. Patches of
// players and proposals are about this document; afterwards it is taken apart again.
import type { SeatRole } from '../campaigns/campaign-kinds.js';
import type { Visibility } from '../objects/object-kinds.js';
import type { JsonObject } from './merge-patch.js';

export const CHARACTER_KINDS = ['pc', 'npc', 'creature'] as const;
export type CharacterKind = (typeof CHARACTER_KINDS)[number];

/** What the object's `details` hold: seen and searched by whoever sees the character. */
export interface CharacterFacts {
  readonly characterKind: CharacterKind;
  readonly ancestry?: string;
  readonly calling?: string;
  readonly pronouns?: string;
  readonly appearance?: string;
}

/** How it is played: for masters, its player, and others where it is open. */
export interface CharacterPlay {
  readonly isOpen: boolean;
  readonly sheet: JsonObject | null;
  readonly voice: JsonObject;
  readonly guidance: JsonObject;
}

/** A step of its way: points, and the level that came of them. */
export interface ProgressStep {
  /** ISO-8601. */
  readonly at: string;
  readonly amount: number;
  readonly xp: number;
  readonly level: number | null;
  readonly reason: string;
}

interface StatedObject {
  readonly name: string;
  readonly summary: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  readonly visibility: Visibility;
  readonly shownTo: readonly string[];
  readonly details: object;
}

const FACTS = ['characterKind', 'ancestry', 'calling', 'pronouns', 'appearance'] as const;
const PLAY = ['isOpen', 'sheet', 'voice', 'guidance'] as const;
const SHOWN = ['name', 'summary', 'body', 'tags', 'aliases', 'visibility', 'shownTo'] as const;

/** @param play null where the reader does not see it; then no patch of it can be made either */
export function stateOf(object: StatedObject, play: CharacterPlay | null): JsonObject {
  const facts = object.details as Partial<CharacterFacts>;
  return {
    ...pick(object, SHOWN),
    ...pick(facts, FACTS),
    ...(play !== null && pick(play, PLAY)),
  };
}

/** What of the state belongs where. */
export interface TakenApart {
  readonly shown: Partial<Omit<StatedObject, 'details'>>;
  readonly details: CharacterFacts;
  readonly play: CharacterPlay;
}

/** @param state after a patch: parts that it takes away are empty @param known the details before; what of them is no fact of a character stays */
export function takeApart(state: JsonObject, known: object): TakenApart {
  const others = Object.fromEntries(
    Object.entries(known).filter(([key]) => !(FACTS as readonly string[]).includes(key)),
  );
  const stated = state as unknown as Partial<StatedObject & CharacterFacts & CharacterPlay>;
  return {
    shown: pick(stated, SHOWN),
    details: { ...others, ...pick(stated, FACTS), characterKind: stated.characterKind ?? 'npc' },
    play: {
      isOpen: stated.isOpen ?? false,
      sheet: stated.sheet ?? null,
      voice: stated.voice ?? {},
      guidance: stated.guidance ?? {},
    },
  };
}

/**
 * The version of a character as a reader knows it. What happens to a closed sheet raises the sheet's own and not the object's, which the whole party sees:
 * masters, its player, and whoever a closed sheet is shown to, know the sum of both.
 */
export function versionOf(
  { version, ownerId }: { readonly version: number; readonly ownerId: string | null },
  sheet: { readonly version: number; readonly isOpen: boolean } | null,
  reader: { readonly role: SeatRole; readonly userId: string },
): number {
  if (sheet === null) return version;
  const isInner = reader.role === 'gm' || ownerId === reader.userId || !sheet.isOpen;
  return isInner ? version + sheet.version : version;
}

/** A character of a player is open to the table, unless said otherwise; others are the masters' matter. */
export function isUsuallyOpen(kind: CharacterKind): boolean {
  return kind === 'pc';
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]),
  ) as Pick<T, K>;
}
