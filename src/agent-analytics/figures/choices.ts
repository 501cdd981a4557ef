import type { Json } from '../langfuse/canonical-rows.js';
import { parseExactJson } from '../langfuse/exact-json.js';

// Choices of a turn: what DisplayChoices offers as JSON, and what comes back from the page, as `A - Title` for people and once more in a
// hidden item for the game.

export interface Choice {
  /** `A`, `B`, ... */
  readonly key: string;
  readonly title: string;
}

/** What one generation tells of choices. */
export interface SpokenChoices {
  /** What it offers, in its order. */
  readonly offered: readonly Choice[];
  /** What it was told that the player took. */
  readonly pickedKey: string | null;
}

/** A story offers four at most. */
const MOST_CHOICES = 26;
const PICK = /^([A-Z]) - (\S[^]*)$/;
const HIDDEN_PICK = /^<PLAYER_CHOICE>\s*([A-Z])\s*:\s*([^]*?)\s*<\/PLAYER_CHOICE>$/;

/** @param said what the agent said, as JSON or as its text @returns in its order; none where it is anything else */
export function offeredIn(said: Json): Choice[] {
  const parsed = typeof said === 'string' ? parseJson(said) : said;
  if (!isRecord(parsed) || !Array.isArray(parsed['items'])) return [];
  return (parsed['items'] as readonly Json[]).slice(0, MOST_CHOICES).flatMap((item) => {
    if (!isRecord(item)) return [];
    const { key = null, title = null } = item;
    return typeof key === 'string' && /^[A-Z]$/.test(key) && typeof title === 'string'
      ? [{ key, title }]
      : [];
  });
}

/** @param asked one thing that the player's side has sent */
export function pickIn(asked: string): Choice | null {
  const text = asked.trim();
  const [, key, title] = HIDDEN_PICK.exec(text) ?? PICK.exec(text) ?? [];
  return key === undefined || title === undefined ? null : { key, title };
}

export function isHiddenPick(asked: string): boolean {
  return HIDDEN_PICK.test(asked.trim());
}

function parseJson(text: string): Json {
  if (!text.startsWith('{')) return null;
  try {
    return parseExactJson(text);
  } catch {
    return null;
  }
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
