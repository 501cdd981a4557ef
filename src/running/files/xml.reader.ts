import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import type { FileReading } from './activity-collector.js';
import { ImportRefusal } from './import-refusal.js';
import { MOST_DEPTH, MOST_TEXT } from './read-limits.js';
import type { XmlHandler } from './xml-handler.js';

// XML as a stream, for files of strangers. No document type and therefore no entities but the five of XML: neither a billion laughs nor a
// quadratic blow-up can be written down. Depth, and characters between two events (a text, a comment, a tag with its attributes), are
// limited, so memory is. Names are taken without their prefixes: exporters forget to declare them, and no two vocabularies in a
// track point use one word for different things.

const SLICE_BYTES = 65_536;
const MOST_KNOWN_NAMES = 1_000;
const DECLARED = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/;

export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false as const, position: false });
  private decoder: TextDecoder | undefined;
  private readonly localNames = new Map<string, string>();
  /** Local names of the tags that are open. */
  private readonly path: string[] = [];
  private handler: XmlHandler | null = null;
  /** Characters since anything was recognised. */
  private silentChars = 0;
  private hasEvent = false;

  /** @param handlerOf who takes a document with such a root */
  constructor(private readonly handlerOf: (root: string) => XmlHandler) {
    const { parser } = this;
    // Null prototype: `&constructor;` is no entity.
    parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, {
      amp: '&',
      gt: '>',
      lt: '<',
      quot: '"',
      apos: "'",
    });
    parser.on('opentag', ({ name, attributes }) => this.open(name, attributes));
    parser.on('closetag', () => this.close());
    parser.on('text', (text) => this.handler?.text(text));
    parser.on('cdata', (text) => this.handler?.text(text));
    parser.on('doctype', () => {
      throw new ImportRefusal('document-type');
    });
    parser.on('error', () => {
      throw new ImportRefusal('not-well-formed', `line ${parser.line}`);
    });
  }

  /** @throws ImportRefusal */
  write(bytes: Uint8Array): void {
    this.decoder ??= decoderFor(bytes);
    for (let from = 0; from < bytes.length; from += SLICE_BYTES)
      this.parse(this.decoder.decode(bytes.subarray(from, from + SLICE_BYTES), { stream: true }));
  }

  /** @throws ImportRefusal where the document is none, or holds nothing that can be taken */
  *finish(): Generator<void, FileReading> {
    yield; // the last piece has had its turn
    if (this.decoder) this.parse(this.decoder.decode());
    const { handler } = this;
    if (!handler || this.path.length > 0) throw new ImportRefusal(handler ? 'truncated' : 'not-well-formed');
    this.parser.close();
    return handler.finish();
  }

  private parse(text: string): void {
    this.hasEvent = false;
    this.parser.write(text);
    this.silentChars = this.hasEvent ? 0 : this.silentChars + text.length;
    if (this.silentChars > MOST_TEXT) throw new ImportRefusal('too-long-text');
  }

  private open(name: string, attributes: Record<string, string>): void {
    this.hasEvent = true;
    const local = this.localName(name);
    if (this.path.push(local) > MOST_DEPTH) throw new ImportRefusal('too-deep');
    this.handler ??= this.handlerOf(local);
    this.handler.open(local, attributes);
  }

  /** The parser has seen that names match. */
  private close(): void {
    this.hasEvent = true;
    this.handler!.close(this.path.pop()!);
  }

  private localName(name: string): string {
    const known = this.localNames.get(name);
    if (known !== undefined) return known;
    const local = name.slice(name.indexOf(':') + 1);
    if (this.localNames.size < MOST_KNOWN_NAMES) this.localNames.set(name, local);
    return local;
  }
}

/** By the byte order mark, by where the zeros stand, or as declared; UTF-8 otherwise. Bytes that mean nothing become U+FFFD. */
function decoderFor(bytes: Uint8Array): TextDecoder {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0))
    return new TextDecoder('utf-16le');
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c))
    return new TextDecoder('utf-16be');
  const declared = DECLARED.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 256)))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(/^utf-?16/i.test(declared) ? 'utf-8' : declared);
  } catch {
    throw new ImportRefusal('not-readable', 'its character encoding is unknown');
  }
}
