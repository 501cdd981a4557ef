// What processes say to each other, a line per thing and many lines in a text. Fields are separated by tabs; the last one is JSON or a
// name, and JSON as JSON.stringify writes it has neither tabs nor line ends. The first line says who speaks.
// Each frame of a room carries its number among the frames that its process has forwarded for that room, so that who listens
// notices when one is missing.

export type FanoutLine =
  /** Who has just come, or come back, and wants to hear from everybody. */
  | { readonly kind: 'hello' }
  /** Still there. */
  | { readonly kind: 'beat' }
  /** Will not say anything any more. */
  | { readonly kind: 'bye' }
  /** Its `members` from here on to the `end` are all rooms that it wants. */
  | { readonly kind: 'rooms' }
  | { readonly kind: 'end' }
  /** How many sockets a process has in a room whose frames it wants; -1: it wants them no more. */
  | { readonly kind: 'members'; readonly room: string; readonly count: number }
  /** `to` is heard to want the frames of a room, and gets them from here on; `number` is that of the last one before. */
  | { readonly kind: 'heard'; readonly room: string; readonly to: string; readonly number: number }
  | {
      readonly kind: 'event';
      readonly room: string;
      readonly number: number;
      readonly event: string;
      readonly json: string;
    }
  | {
      readonly kind: 'state';
      readonly room: string;
      readonly number: number;
      readonly key: string;
      readonly event: string;
      readonly json: string;
    }
  /** A part of a line that is too long for one text. */
  | { readonly kind: 'part'; readonly index: number; readonly of: number; readonly text: string };

const PLAIN = /^[^\t\n\0]{1,200}$/;

/** @throws Error for a name that would be read as something else */
export function assertPlain(name: string): void {
  if (!PLAIN.test(name))
    throw new Error('Names of rooms and keys have no tabs, line ends or more than 200 characters');
}

export function lineText(line: FanoutLine): string {
  switch (line.kind) {
    case 'members':
      return `members\t${line.room}\t${line.count}`;
    case 'heard':
      return `heard\t${line.room}\t${line.to}\t${line.number}`;
    case 'event':
      return `event\t${line.room}\t${line.number}\t${line.event}\t${line.json}`;
    case 'state':
      return `state\t${line.room}\t${line.number}\t${line.key}\t${line.event}\t${line.json}`;
    case 'part':
      return `part\t${line.index}\t${line.of}\t${line.text}`;
    default:
      return line.kind;
  }
}

/** Undefined for what another version of us may say. */
export function readLine(text: string): FanoutLine | undefined {
  const [kind, rest] = cut(text);
  switch (kind) {
    case 'hello':
    case 'beat':
    case 'bye':
    case 'rooms':
    case 'end':
      return { kind };
    case 'members': {
      const [room, count] = cut(rest);
      return { kind, room, count: Number(count) };
    }
    case 'heard': {
      const [room, more] = cut(rest);
      const [to, number] = cut(more);
      return { kind, room, to, number: Number(number) };
    }
    case 'event': {
      const [room, a] = cut(rest);
      const [number, b] = cut(a);
      const [event, json] = cut(b);
      return { kind, room, number: Number(number), event, json };
    }
    case 'state': {
      const [room, a] = cut(rest);
      const [number, b] = cut(a);
      const [key, c] = cut(b);
      const [event, json] = cut(c);
      return { kind, room, number: Number(number), key, event, json };
    }
    case 'part': {
      const [index, a] = cut(rest);
      const [of, piece] = cut(a);
      return { kind, index: Number(index), of: Number(of), text: piece };
    }
    default:
      return undefined;
  }
}

function cut(text: string): [head: string, rest: string] {
  const tab = text.indexOf('\t');
  return tab < 0 ? [text, ''] : [text.slice(0, tab), text.slice(tab + 1)];
}

/** A character of UTF-16 takes at most three bytes. */
const BYTES_PER_UNIT = 3;
/** Room for the first line and the head of a part. */
const HEAD_BYTES = 100;

/** Lines of a process as texts of at most so many bytes, in order. */
export function packLines(from: string, lines: readonly string[], mostBytes: number): string[] {
  const texts: string[] = [];
  let text = from;
  let bytes = Buffer.byteLength(from);
  const add = (line: string, size: number): void => {
    if (bytes + size > mostBytes) {
      texts.push(text);
      text = from;
      bytes = Buffer.byteLength(from);
    }
    text += `\n${line}`;
    bytes += size;
  };
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (size <= mostBytes - HEAD_BYTES) add(line, size);
    else for (const part of partsOf(line, mostBytes)) add(part, Buffer.byteLength(part) + 1);
  }
  if (text !== from) texts.push(text);
  return texts;
}

function partsOf(line: string, mostBytes: number): string[] {
  const units = Math.floor((mostBytes - HEAD_BYTES) / BYTES_PER_UNIT);
  const pieces: string[] = [];
  for (let start = 0; start < line.length;) {
    let end = Math.min(line.length, start + units);
    // half of a surrogate pair would not survive
    if (end < line.length && /[\uD800-\uDBFF]/.test(line[end - 1]!)) end -= 1;
    pieces.push(line.slice(start, end));
    start = end;
  }
  return pieces.map((text, index) => lineText({ kind: 'part', index, of: pieces.length, text }));
}

/** Puts parts of one process together; they come one after the other. */
export class PartsReader {
  private parts: string[] = [];

  /** @returns the whole line with its last part */
  take({ index, of, text }: Extract<FanoutLine, { kind: 'part' }>): string | undefined {
    if (index === 0) this.parts = [];
    if (index !== this.parts.length) {
      this.parts = []; // some are missing, and with them the line
      return undefined;
    }
    this.parts.push(text);
    return this.parts.length === of ? this.parts.splice(0).join('') : undefined;
  }
}
