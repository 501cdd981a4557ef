import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { finished } from '../geo/portions.js';
import type { FileReading } from './activity-collector.js';
import { readFitActivities } from './fit-activities.js';
import { isFitHeader } from './fit-messages.js';
import { GpxHandler } from './gpx-handler.js';
import { ImportRefusal } from './import-refusal.js';
import { READ_LIMITS, type ReadLimits } from './read-limits.js';
import { TcxHandler } from './tcx-handler.js';
import type { XmlHandler } from './xml-handler.js';
import { XmlReader } from './xml.reader.js';

// A file of unknown kind, told by what it begins with, never by its name. XML is read as it comes and needs memory for its points alone.

/** Enough for a FIT header and for an XML declaration with its encoding. */
const SNIFFED_BYTES = 512;
const TURN_MS = 10;
const BLANKS = new Set([0x09, 0x0a, 0x0d, 0x20]);
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b];

/** Something that takes bytes of one format. */
interface FormatReader {
  write(bytes: Uint8Array): void;
  /** In portions: FIT is read here. */
  finish(): Generator<void, FileReading>;
}

/** Takes the bytes of one unpacked file. Every method throws ImportRefusal and nothing else. */
export class ActivityFileReader {
  private head: Uint8Array[] = [];
  private headBytes = 0;
  private sizeBytes = 0;
  private format: FormatReader | null = null;

  constructor(private readonly limits: ReadLimits = READ_LIMITS) {}

  write(bytes: Uint8Array): void {
    this.sizeBytes += bytes.length;
    if (this.sizeBytes > this.limits.bytes) throw new ImportRefusal('too-large');
    if (this.format) {
      this.format.write(bytes);
      return;
    }
    this.head.push(bytes);
    this.headBytes += bytes.length;
    if (this.headBytes >= SNIFFED_BYTES) this.choose();
  }

  *finish(): Generator<void, FileReading> {
    if (this.sizeBytes === 0) throw new ImportRefusal('empty');
    return yield* (this.format ?? this.choose()).finish();
  }

  private choose(): FormatReader {
    const head = joined(this.head, this.headBytes);
    this.head = [];
    this.format = formatOf(head, this.limits);
    return this.format;
  }
}

/** A file that was read, and the digest of what it unpacks to: the same file is the same alone, packed and in an archive. */
export interface DigestedReading extends FileReading {
  /** SHA-256 in hexadecimal digits. */
  readonly digest: string;
}

/**
 * Reads a file that comes in pieces, unpacking one that is gzipped.
 * @throws ImportRefusal for what the file is; what the source or the signal throws passes
 */
export async function readActivityFile(
  source: AsyncIterable<Uint8Array>,
  limits: ReadLimits = READ_LIMITS,
  signal?: AbortSignal,
): Promise<DigestedReading> {
  const reader = new ActivityFileReader(limits);
  const hash = createHash('sha256');
  let sinceMs = performance.now();
  for await (const piece of unpacked(source)) {
    signal?.throwIfAborted();
    hash.update(piece);
    reader.write(piece);
    if (performance.now() - sinceMs < TURN_MS) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
  return { ...(await runInTurns(reader.finish(), signal)), digest: hash.digest('hex') };
}

/** The same of an unpacked file that is in memory. @throws ImportRefusal */
export function readActivities(bytes: Uint8Array, limits: ReadLimits = READ_LIMITS): FileReading {
  const reader = new ActivityFileReader(limits);
  reader.write(bytes);
  return finished(reader.finish());
}

/** Whether a file that begins so is a ZIP archive. */
export function isZip(head: Uint8Array): boolean {
  return beginsWith(head, ZIP) && (head[2] === 3 || head[2] === 5);
}

function formatOf(head: Uint8Array, limits: ReadLimits): FormatReader {
  if (isFitHeader(head)) return writtenTo(new FitBuffer(limits), head);
  if (isZip(head) || beginsWith(head, GZIP)) throw new ImportRefusal('nested-archive');
  // Exporters leave blank lines before the declaration, which XML forbids.
  const text = head.subarray(head.findIndex((byte) => !BLANKS.has(byte)));
  if (!isMarkup(text)) throw new ImportRefusal('unknown-format');
  return writtenTo(new XmlReader((root) => handlerOfRoot(root, limits)), text);
}

/** The first tag says which vocabulary it is. */
function handlerOfRoot(name: string, limits: ReadLimits): XmlHandler {
  if (name === 'gpx') return new GpxHandler(limits);
  if (name === 'TrainingCenterDatabase') return new TcxHandler(limits);
  throw new ImportRefusal('wrong-root');
}

function writtenTo(reader: FormatReader, bytes: Uint8Array): FormatReader {
  reader.write(bytes);
  return reader;
}

/** The checksum of a FIT file stands at its end, so nothing is read before that. */
class FitBuffer implements FormatReader {
  private readonly pieces: Uint8Array[] = [];
  private sizeBytes = 0;

  constructor(private readonly limits: ReadLimits) {}

  write(bytes: Uint8Array): void {
    this.sizeBytes += bytes.length;
    if (this.sizeBytes > this.limits.fitBytes) throw new ImportRefusal('too-large');
    this.pieces.push(bytes);
  }

  finish(): Generator<void, FileReading> {
    return readFitActivities(joined(this.pieces, this.sizeBytes), this.limits);
  }
}

/** `<`, behind a byte order mark or in UTF-16. */
function isMarkup([first, second, third, fourth]: Uint8Array): boolean {
  if (first === 0x3c || (first === 0 && second === 0x3c)) return true;
  if (first === 0xef && second === 0xbb && third === 0xbf) return true;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff && fourth !== undefined);
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let headBytes = 0; headBytes < GZIP.length;) {
    const next = await pieces.next();
    if (next.done === true) break;
    head.push(next.value);
    headBytes += next.value.length;
  }
  const first = joined(
    head,
    head.reduce((sum, { length }) => sum + length, 0),
  );
  const all = withHead(first, pieces);
  yield* beginsWith(first, GZIP) ? gunzipped(all) : all;
}

async function* withHead(
  head: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (head.length > 0) yield head;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip();
  const feeding = pipeline(Readable.from(packed, { objectMode: false }), gunzip);
  feeding.catch(() => undefined); // its failures come out of the loop below
  try {
    for await (const piece of gunzip) yield piece as Uint8Array;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new ImportRefusal('truncated');
    throw code.startsWith('Z_') ? new ImportRefusal('not-readable', 'its GZIP is damaged') : error;
  }
}

function beginsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function joined(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
