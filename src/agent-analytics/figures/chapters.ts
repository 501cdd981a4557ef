import type { StoryNames } from './story-names.js';

// The chapter of a trace is its first tag with the prefix. The game sets it when a turn begins, so what a turn leads to still counts as
// the chapter that it came from. A tag whose rest is no number is shown as it is and has no place in the order of the story.

export interface Chapter {
  /** The tag as it is. */
  readonly tag: string;
  /** null = not a number. */
  readonly number: number | null;
}

/** A story has a handful; the bound keeps what somebody mistyped out of the column. */
const MOST_NUMBER = 1_000_000;

export function chapterOf(tags: readonly string[], { chapterPrefix }: StoryNames): Chapter | null {
  const tag = tags.find((known) => known.startsWith(chapterPrefix));
  if (tag === undefined) return null;
  const rest = tag.slice(chapterPrefix.length);
  const number = /^\d{1,7}$/.test(rest) ? Number(rest) : null;
  return { tag, number: number !== null && number <= MOST_NUMBER ? number : null };
}

export function chapterName({ tag, number }: Chapter, { chapters }: StoryNames): string {
  if (number === null) return tag;
  return chapters[number] ?? `Chapter ${number}`;
}

/** In the order of the story; tags without a number come last. */
export function byChapter(a: Chapter, b: Chapter): number {
  const [first, second] = [a.number ?? Number.MAX_SAFE_INTEGER, b.number ?? Number.MAX_SAFE_INTEGER];
  return first - second || (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0);
}
