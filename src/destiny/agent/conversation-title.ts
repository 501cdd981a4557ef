const MOST_TITLE_WORDS = 5;
const MOST_TITLE_LETTERS = 60;

/** A title of a conversation: the first words of what was said first, without control characters. */
export function firstWords(text: string): string {
  const words = text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, ' ')
    .trim()
    .split(/\s+/);
  const title = words.slice(0, MOST_TITLE_WORDS).join(' ');
  const short = title.length > MOST_TITLE_LETTERS ? `${title.slice(0, MOST_TITLE_LETTERS - 1)}…` : title;
  return short === '' ? '…' : short;
}
