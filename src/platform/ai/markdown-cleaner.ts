import { withoutUnseen } from './plain-text.js';

// What a model writes may have been put into its mouth by a cell of a sheet or the name of an item, and its reader's page renders it: a
// picture is fetched unasked and a link carries away what stands in its address. So pictures, HTML, bare addresses and links to foreign
// hosts are taken out while the text streams by.
//
// Two lines of defence. The first takes out what it recognises, and is for the reader's eye. The second is the guard through which every
// character leaves: it never lets two characters stand side by side that begin a link, a picture, HTML, an entity or an address in
// CommonMark or GFM, and sets a space between them. Only a link that is as plain as can be, to a path of ours or a host of ours, passes
// as one piece. What is decided about a piece of text depends on that text and what follows, never on where the stream was cut, so
// cleaning in pieces equals cleaning whole.

const LONGEST_TEXT = 300;
const LONGEST_ADDRESS = 2_000;
const LONGEST_TAG = 600;
const LONGEST_WORD = 64;
const LONGEST_ENTITY = 34;
const REMOVED = '(link removed)';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Text of a link that means nothing to any parser. `www` is none: it is an address where the bracket in front was escaped. */
const PLAIN_TEXT = /^[\p{L}\p{N} .,'’–%+#?*_-]+$/u;
const PLAIN_PATH = /^\/(?:[A-Za-z0-9._~?#=%+-][A-Za-z0-9._~/?#=%+-]*)?$/;

/** What a step has done: eaten so many characters, and left others to be looked at again; undefined = more must come first. */
interface Step {
  readonly eaten: number;
  /** Goes out through the guard. */
  readonly out?: string;
  /** Goes out as it is. */
  readonly link?: string;
  /** Is looked at as if it stood there. */
  readonly again?: string;
}

export class MarkdownCleaner {
  /** What may hide characters: entities and backslashes. */
  private raw = '';
  /** What may be, or become, something to take out. */
  private held = '';
  private halfCharacter = '';
  private output = '';
  /** What has left last. */
  private tail = '';
  private readonly ownHosts: ReadonlySet<string>;

  /** @param ownOrigins such as https://guildhall.example.org: links there may stay, as links to paths may */
  constructor(ownOrigins: readonly string[] = []) {
    this.ownHosts = new Set(ownOrigins.map((origin) => origin.toLowerCase().replace(/\/+$/, '')));
  }

  /** @returns what is known to be clean so far */
  push(delta: string): string {
    const text = this.halfCharacter + delta;
    // A pair of surrogates may be cut by the stream.
    const isHalf = /[\ud800-\udbff]$/.test(text);
    this.halfCharacter = isHalf ? text.slice(-1) : '';
    this.raw += withoutUnseen(isHalf ? text.slice(0, -1) : text);
    return this.drain(false);
  }

  /** The text is over. @returns what was held back */
  end(): string {
    this.halfCharacter = '';
    const rest = this.drain(true);
    this.tail = '';
    return rest;
  }

  private drain(isEnd: boolean): string {
    this.reveal(isEnd);
    while (this.held !== '') {
      const step = this.step(this.held, isEnd);
      if (step === undefined) break;
      this.held = (step.again ?? '') + this.held.slice(step.eaten);
      if (step.link !== undefined) this.letLink(step.link);
      for (const character of step.out ?? '') this.let(character);
    }
    const { output } = this;
    this.output = '';
    return output;
  }

  /** Characters that stand behind others come out, before anything is looked for. */
  private reveal(isEnd: boolean): void {
    while (this.raw !== '') {
      const plain = /^[^&\\]*/.exec(this.raw)![0];
      this.held += plain;
      this.raw = this.raw.slice(plain.length);
      const step = this.raw.startsWith('&') ? entityStep(this.raw, isEnd) : backslashStep(this.raw, isEnd);
      if (step === undefined) return;
      this.held += step.out ?? '';
      this.raw = this.raw.slice(step.eaten);
    }
  }

  private step(held: string, isEnd: boolean): Step | undefined {
    const first = held[0]!;
    if (first === '!') return held.length < 2 && !isEnd ? undefined : this.bracketStep(held, isEnd, 1);
    if (first === '[') return this.bracketStep(held, isEnd, 0);
    if (first === ']') return orphanStep(held, isEnd);
    if (first === '<') return tagStep(held, isEnd);
    if (/[A-Za-z]/.test(first)) return wordStep(held, isEnd);
    return { eaten: 1, out: first };
  }

  /** A link, or a picture behind its `!`. */
  private bracketStep(held: string, isEnd: boolean, open: 0 | 1): Step | undefined {
    const plain = { eaten: 1, out: held[0]! };
    if (held[open] !== '[') return plain;
    const textEnd = endOf(held, open + 1, ']', '[\n', LONGEST_TEXT, isEnd);
    if (textEnd === undefined) return undefined;
    if (textEnd < 0) return plain;
    if (textEnd + 1 >= held.length) return isEnd ? plain : undefined;
    if (held[textEnd + 1] !== '(') return plain;
    const end = endOf(held, textEnd + 2, ')', '\n', LONGEST_ADDRESS, isEnd);
    if (end === undefined) return undefined;
    if (end < 0) return plain;
    if (open === 1) return { eaten: end + 1 };
    const [text, address] = [held.slice(1, textEnd), held.slice(textEnd + 2, end)];
    if (this.isOwn(text, address)) return { eaten: end + 1, link: `[${text}](${address})` };
    return { eaten: end + 1, again: text };
  }

  private isOwn(text: string, address: string): boolean {
    if (!PLAIN_TEXT.test(text) || /www/i.test(text)) return false;
    const [, origin = '', path = address] = /^(https?:\/\/[^/?#]*)(.*)$/i.exec(address) ?? [];
    if (origin !== '' && !this.ownHosts.has(origin.toLowerCase())) return false;
    return !/www\./i.test(path) && PLAIN_PATH.test(path === '' ? '/' : path);
  }

  private letLink(link: string): void {
    // Behind an exclamation mark it would be a picture.
    if (this.tail.endsWith('!')) this.put(' ');
    this.put(link);
  }

  private let(character: string): void {
    if (wouldBegin(this.tail, character)) this.put(' ');
    this.put(character);
  }

  private put(text: string): void {
    this.output += text;
    this.tail = (this.tail + text).slice(-4);
  }
}

/** The guard: would the character, standing right behind, begin something that a renderer acts on? */
function wouldBegin(tail: string, character: string): boolean {
  const last = tail.at(-1) ?? '';
  switch (last) {
    case ']':
      return character === '(' || character === ':';
    case '<':
      return /[A-Za-z/!?]/.test(character);
    case ':':
      return character === '/';
    case '&':
      return /[A-Za-z#]/.test(character);
    case '\\':
      return /[:/.@&<]/.test(character);
  }
  if (character === '@') return /[A-Za-z0-9.+_-]/.test(last);
  return character === '.' && /www$/i.test(tail);
}

/** `&…;` stands for a character, and becomes it, so that none hides behind one. */
function entityStep(held: string, isEnd: boolean): Step | undefined {
  const match = /^&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});/.exec(held);
  if (match) {
    const [whole, name = ''] = match;
    const out = name.startsWith('#') ? codePoint(name.slice(1)) : (ENTITIES[name.toLowerCase()] ?? '');
    return { eaten: whole.length, out };
  }
  const isOpen =
    held.length <= LONGEST_ENTITY && /^&(?:#(?:[xX]?[0-9a-fA-F]*)?|[A-Za-z][A-Za-z0-9]*)?$/.test(held);
  return isOpen && !isEnd ? undefined : { eaten: 1, out: '&' };
}

function codePoint(digits: string): string {
  const code = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  return code > 0 && code <= 0x10ffff ? withoutUnseen(String.fromCodePoint(code)) : '';
}

/** A backslash vanishes when it is rendered: in front of what addresses are made of it goes at once. */
function backslashStep(held: string, isEnd: boolean): Step | undefined {
  if (held === '') return { eaten: 0 };
  if (held.length < 2 && !isEnd) return undefined;
  return /^\\[:/.@&<]/.test(held) ? { eaten: 1 } : { eaten: 1, out: '\\' };
}

/** The end of a link whose beginning was none: its address goes. */
function orphanStep(held: string, isEnd: boolean): Step | undefined {
  if (held.length < 2 && !isEnd) return undefined;
  if (held[1] !== '(') return { eaten: 1, out: ']' };
  const end = endOf(held, 2, ')', '\n', LONGEST_ADDRESS, isEnd);
  if (end === undefined) return undefined;
  return end < 0 ? { eaten: 1, out: ']' } : { eaten: end + 1, out: ']' };
}

function tagStep(held: string, isEnd: boolean): Step | undefined {
  if (held.length < 2 && !isEnd) return undefined;
  if (!/^<[A-Za-z/!?]/.test(held)) return { eaten: 1, out: '<' };
  const limit = held.slice(0, LONGEST_TAG);
  const isComment = limit.startsWith('<!--');
  const close = isComment ? limit.indexOf('-->', 4) : limit.indexOf('>');
  const blank = limit.indexOf('\n\n');
  // A tag does not go on behind an empty line.
  if (close >= 0 && (blank < 0 || close < blank)) return { eaten: close + (isComment ? 3 : 1) };
  const isOver = isEnd || held.length >= LONGEST_TAG || blank >= 0;
  return isOver ? { eaten: 1, out: '<' } : undefined;
}

/** A word, or an address that begins with one. */
function wordStep(held: string, isEnd: boolean): Step | undefined {
  const word = /^[A-Za-z][A-Za-z0-9+.-]*/.exec(held.slice(0, LONGEST_WORD))![0];
  if (word.length === held.length && !isEnd && word.length < LONGEST_WORD) return undefined;
  const behind = held.slice(word.length, word.length + 3);
  if (behind.length < 3 && '://'.startsWith(behind) && !isEnd) return undefined;
  const isAddress = behind === '://' || /^www\./i.test(word) || (/^mailto$/i.test(word) && behind[0] === ':');
  if (!isAddress) return { eaten: word.length, out: word };
  const rest = /^[^\s<>"`]*/.exec(held.slice(0, LONGEST_ADDRESS))![0];
  if (rest.length === held.length && rest.length < LONGEST_ADDRESS && !isEnd) return undefined;
  const address = rest.replace(/[.,;:!?)\]}'*_~|]+$/, '');
  return { eaten: Math.max(address.length, word.length), out: REMOVED };
}

/**
 * Where `close` stands, before any of `never` and within so many characters.
 * @returns its index, -1 when there is none, undefined when more must come before one can say
 */
function endOf(
  held: string,
  from: number,
  close: string,
  never: string,
  most: number,
  isEnd: boolean,
): number | undefined {
  for (let index = from; index < held.length; index += 1) {
    if (held[index] === close) return index;
    if (never.includes(held[index]!) || index - from >= most) return -1;
  }
  return isEnd ? -1 : undefined;
}
