// A text for a channel of Discord, in messages of at most 2,000 characters. It is cut between scenes where it can be, else between
// paragraphs, lines, sentences, words, and only then within a word; never within a surrogate pair, and a block of code that is cut is closed
// and opened again. Nobody is pinged by it: what Discord would read as a mention is written so that it reads none.

export const MOST_MESSAGE = 2_000;
/** Longer ones are no summary of an evening. */
export const MOST_PARTS = 40;

export interface PostScene {
  /** '' = none. */
  readonly title: string;
  readonly text: string;
}

const NOBODY = '\u200b';

/** Mentions of people, roles and channels, of everybody and of those who are there; links that say something else than where they lead. */
export function neutralised(text: string): string {
  return text
    .replaceAll('\0', '')
    .toWellFormed()
    .replaceAll(/@(?=everyone|here)/gi, `@${NOBODY}`)
    .replaceAll(/<(?=[@#&!]|a?:\w|t:|id:|\/)/gi, `<${NOBODY}`)
    .replaceAll(/\[([^[\]\n]{0,500})\]\(\s*<?(https?:\/\/[^\s)>]{1,500})>?[^)\n]{0,200}\)/gi, '$1 ($2)');
}

/** @param most characters of a message @returns the messages in their order; none where there is nothing to say */
export function splitPost(scenes: readonly PostScene[], most = MOST_MESSAGE): string[] {
  const pieces = scenes.map(toPiece).filter((piece) => piece !== '');
  const messages: string[] = [];
  let open = '';
  for (const piece of pieces) {
    const joined = open === '' ? piece : `${open}\n\n${piece}`;
    if (joined.length <= most) {
      open = joined;
      continue;
    }
    if (open !== '') messages.push(open);
    const parts = cut(piece, most);
    messages.push(...parts.slice(0, -1));
    open = parts.at(-1) ?? '';
  }
  if (open !== '') messages.push(open);
  return messages;
}

function toPiece({ title, text }: PostScene): string {
  const head = neutralised(title)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[*_`~|]/g, '\\$&')
    .trim()
    .slice(0, 200)
    .toWellFormed();
  const body = neutralised(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return [head === '' ? '' : `**${head}**`, body].filter((one) => one !== '').join('\n');
}

const FENCE = /^[ \t]*```([\w+#-]{0,30})/;
/** Room to close a block of code and to open it again with the name of its language. */
const FENCE_ROOM = 45;

function cut(piece: string, most: number): string[] {
  const parts: string[] = [];
  let left = piece;
  /** What opens the block of code that the next part begins in. */
  let fence: string | null = null;
  while (left !== '') {
    const prefix = fence === null ? '' : `${fence}\n`;
    if (prefix.length + left.length <= most) {
      parts.push(prefix + left);
      break;
    }
    const at = cutAt(left, most - prefix.length - FENCE_ROOM);
    const taken = left.slice(0, at).trimEnd();
    const next = fenceAfter(taken, fence);
    parts.push(`${prefix}${taken}${next === null ? '' : '\n```'}`);
    left = left.slice(at).replace(/^[ \t]*\n+|^[ \t]+/, '');
    fence = next;
  }
  return parts.filter((part) => part.trim() !== '');
}

/** The block of code that is open at the end of a text. */
function fenceAfter(text: string, before: string | null): string | null {
  let fence = before;
  for (const line of text.split('\n')) {
    const match = FENCE.exec(line);
    if (match === null) continue;
    const closesItself = line.indexOf('```', match[0].length) >= 0;
    if (closesItself) continue;
    fence = fence === null ? `\`\`\`${match[1] ?? ''}` : null;
  }
  return fence;
}

/** The last place at or before `most` at which a reader would turn a page. */
function cutAt(text: string, most: number): number {
  const window = text.slice(0, most);
  for (const [mark, after] of [
    ['\n\n', 2],
    ['\n', 1],
    ['. ', 2],
    ['! ', 2],
    ['? ', 2],
    [' ', 1],
  ] as const) {
    const at = window.lastIndexOf(mark);
    if (at > most / 3) return at + after;
  }
  const isWithinPair = /[\uD800-\uDBFF]$/.test(window);
  return isWithinPair ? most - 1 : most;
}
