// A manifest's file is one JSON object of definitions by hash, of up to hundreds of megabytes. To read it in streaming, the bytes
// are cut where a definition begins and ends, and each is then parsed by itself: that costs what JSON.parse costs, where a tokenising
// parser in JavaScript costs ten times as much, and memory holds one definition. Outside of definitions the grammar is checked strictly here;
// inside, braces are counted outside of strings, and JSON.parse judges the rest.
//
// Two shapes: `{ "<hash>": {...} }` (one table, depth 1) and `{ "<table>": { "<hash>": {...} } }` (all of them, depth 2).

/** Bytes of one definition that are read; real ones have a tenth of a megabyte at most. */
const MOST_DEFINITION_BYTES = 16 * 1_048_576;
const MOST_KEY_BYTES = 200;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** What a file of definitions must not be, in words for an operator. */
export class MalformedManifestError extends Error {
  override readonly name = 'MalformedManifestError';
}

/** One definition as it stands in the file. */
export interface RawDefinition {
  /** Undefined in a file of one table. */
  readonly table: string | undefined;
  readonly key: string;
  /** Its object, not yet parsed: braces match, more is not known. */
  readonly json: Uint8Array;
}

/** Where the grammar is between two bytes. */
type Place = 'start' | 'first-key' | 'next-key' | 'key' | 'colon' | 'value' | 'after-value' | 'end';

export class DefinitionSplitter {
  private place: Place = 'start';
  /** Objects that are open around this place, definitions not counted. */
  private level = 0;
  private table: string | undefined;
  private key = '';
  private keyBytes: number[] = [];
  private isEscaped = false;
  // Of the definition under way: braces that are open (0: none is under way), and what came with earlier pieces.
  private braces = 0;
  private isInString = false;
  private pieces: Uint8Array[] = [];
  private pieceBytes = 0;
  private readBytes = 0;

  /**
   * @param depth 1 for a file of one table, 2 for one of all tables
   * @param wants tables whose definitions are handed out, for depth 2
   */
  constructor(
    private readonly depth: 1 | 2,
    private readonly wants: (table: string) => boolean = () => true,
  ) {}

  /** Takes the next bytes. @returns the definitions that ended in them @throws MalformedManifestError */
  push(chunk: Uint8Array): RawDefinition[] {
    const found: RawDefinition[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.braces > 0) at = this.scan(chunk, at, found);
      else {
        this.step(chunk[at]!, at);
        // The brace that begins a definition was taken; what follows it is looked through, what is kept begins with it.
        if (this.braces > 0) at = this.scan(chunk, at + 1, found, at);
        else at += 1;
      }
    }
    this.readBytes += chunk.length;
    return found;
  }

  /** @throws MalformedManifestError when the file has ended too early */
  end(): void {
    if (this.place !== 'end')
      throw new MalformedManifestError(`The file ends in the middle, after ${this.readBytes} bytes.`);
  }

  /** Looks for the end of the definition under way. @returns where to go on */
  private scan(chunk: Uint8Array, from: number, found: RawDefinition[], start = from): number {
    let { braces, isInString, isEscaped } = this;
    let at = from;
    for (; at < chunk.length && braces > 0; at += 1) {
      const byte = chunk[at]!;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) isInString = true;
      else if (byte === OPEN) braces += 1;
      else if (byte === CLOSE) braces -= 1;
    }
    this.braces = braces;
    this.isInString = isInString;
    this.isEscaped = isEscaped;
    this.pieceBytes += at - start;
    if (this.pieceBytes > MOST_DEFINITION_BYTES)
      throw new MalformedManifestError(`The definition ${this.key} is too large.`);
    const isWanted = this.table === undefined || this.wants(this.table);
    if (isWanted) this.pieces.push(chunk.subarray(start, at));
    if (braces > 0) return at;
    this.place = 'after-value';
    if (isWanted) found.push({ table: this.table, key: this.key, json: joined(this.pieces) });
    this.pieces = [];
    this.pieceBytes = 0;
    return at;
  }

  /** One byte outside of definitions. */
  private step(byte: number, at: number): void {
    if (this.place === 'key') return this.keyByte(byte, at);
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    const { place } = this;
    if (place === 'start' && byte === OPEN) this.open();
    else if ((place === 'first-key' || place === 'next-key') && byte === QUOTE) {
      this.keyBytes = [];
      this.place = 'key';
    } else if (place === 'colon' && byte === COLON) this.place = 'value';
    else if (place === 'value' && byte === OPEN) {
      if (this.level < this.depth) this.open();
      else this.braces = 1;
    } else if (place === 'after-value' && byte === COMMA) this.place = 'next-key';
    else if ((place === 'after-value' || place === 'first-key') && byte === CLOSE) this.close();
    else throw this.unexpected(at);
  }

  private keyByte(byte: number, at: number): void {
    if (byte === QUOTE) {
      this.key = new TextDecoder().decode(Uint8Array.from(this.keyBytes));
      if (this.level < this.depth) this.table = this.key;
      this.place = 'colon';
      return;
    }
    // Hashes and names of tables need no escapes; whatever has one is neither.
    if (byte === BACKSLASH || byte < 0x20 || this.keyBytes.length >= MOST_KEY_BYTES)
      throw this.unexpected(at);
    this.keyBytes.push(byte);
  }

  private open(): void {
    this.level += 1;
    this.place = 'first-key';
  }

  private close(): void {
    this.level -= 1;
    if (this.level < this.depth) this.table = undefined;
    this.place = this.level === 0 ? 'end' : 'after-value';
  }

  private unexpected(at: number): MalformedManifestError {
    return new MalformedManifestError(
      `The file is not JSON of definitions: byte ${this.readBytes + at} is not what must stand there.`,
    );
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
