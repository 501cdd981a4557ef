import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Json, ObservationRow, ScoreRow, TraceRow } from './canonical-rows.js';
import { parseExactJson } from './exact-json.js';
import { isObject } from './loose-fields.js';
import { type Reading, type Refusal, readObservation, readScore, readTrace } from './read-rows.js';

// Files of a blob export: one JSON object a line, plain or gzip, any size. Langfuse writes one file per table and time; which table a
// file is of follows from its rows.

export type ExportKind = 'traces' | 'observations' | 'scores';

export type ExportedRow =
  | { readonly kind: 'traces'; readonly row: TraceRow }
  | { readonly kind: 'observations'; readonly row: ObservationRow }
  | { readonly kind: 'scores'; readonly row: ScoreRow };

export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  readonly reason: Refusal['reason'] | 'no JSON' | 'too long' | 'of no known table';
}

export interface ExportBatch {
  readonly rows: readonly ExportedRow[];
  readonly refused: readonly RefusedLine[];
  /** Lines read so far, with empty ones: where an import that was broken off goes on. */
  readonly lines: number;
}

export interface ExportReading {
  readonly projectId: string;
  readonly batchRows: number;
  /** Lines that were dealt with before. */
  readonly afterLine?: number;
}

/** The file is not what it should be, as a whole. */
export class ExportFileError extends Error {
  override readonly name = 'ExportFileError';
}

/** One observation with all that was said; far above what Langfuse lets in. */
const LONGEST_LINE_BYTES = 16 * 1_024 * 1_024;
const GZIP_MAGIC = [0x1f, 0x8b] as const;
const NEWLINE = 10;

/**
 * The rows of an export, in batches; holds one batch and one line at a time.
 * @throws ExportFileError for gzip that is damaged or ends too early
 */
export async function* readExport(file: Readable, reading: ExportReading): AsyncGenerator<ExportBatch> {
  const { projectId, batchRows, afterLine = 0 } = reading;
  let rows: ExportedRow[] = [];
  let refused: RefusedLine[] = [];
  let lines = 0;
  for await (const bytes of linesOf(file)) {
    lines += 1;
    if (lines <= afterLine) continue;
    const read = bytes === null ? 'too long' : rowOf(bytes, projectId);
    if (typeof read === 'string') refused.push({ line: lines, reason: read });
    else if (read !== null) rows.push(read);
    if (rows.length + refused.length < batchRows) continue;
    yield { rows, refused, lines };
    [rows, refused] = [[], []];
  }
  if (rows.length + refused.length > 0) yield { rows, refused, lines };
}

/** @returns null for an empty line, a reason for one that cannot be used */
function rowOf(bytes: Buffer, projectId: string): ExportedRow | RefusedLine['reason'] | null {
  const text = bytes
    .toString()
    .replace(/^\ufeff/, '')
    .trim();
  if (text === '') return null;
  let raw: Json;
  try {
    raw = parseExactJson(text);
  } catch {
    return 'no JSON';
  }
  if (!isObject(raw)) return 'not an object';
  const context = { dialect: 'export', projectId } as const;
  switch (kindOf(raw)) {
    case 'traces':
      return labelled(readTrace(raw, context), (row) => ({ kind: 'traces', row }));
    case 'observations':
      return labelled(readObservation(raw, context), (row) => ({ kind: 'observations', row }));
    case 'scores':
      return labelled(readScore(raw, context), (row) => ({ kind: 'scores', row }));
    case null:
      return 'of no known table';
  }
}

function labelled<Row>(
  { row, refusal }: Reading<Row>,
  label: (row: Row) => ExportedRow,
): ExportedRow | Refusal['reason'] {
  return refusal === undefined ? label(row) : refusal.reason;
}

function kindOf(raw: { readonly [key: string]: Json }): ExportKind | null {
  const has = (...names: string[]): boolean => names.some((name) => Object.hasOwn(raw, name));
  if (has('start_time', 'startTime')) return 'observations';
  if (has('data_type', 'dataType')) return 'scores';
  return has('timestamp') ? 'traces' : null;
}

/** Lines without their end; null for one that is too long. */
async function* linesOf(file: Readable): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  const take = (piece: Buffer): void => {
    sizeBytes += piece.length;
    if (sizeBytes <= LONGEST_LINE_BYTES) parts.push(piece);
    else parts = [];
  };
  const line = (): Buffer | null => {
    const whole = sizeBytes > LONGEST_LINE_BYTES ? null : Buffer.concat(parts);
    [parts, sizeBytes] = [[], 0];
    return whole;
  };
  for await (const chunk of inflated(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (sizeBytes > 0) yield line();
}

/** The bytes of the file, unpacked where they begin as gzip does. */
async function* inflated(file: Readable): AsyncGenerator<Buffer> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  let head: Buffer = Buffer.alloc(0);
  let isDone = false;
  while (head.length < GZIP_MAGIC.length && !isDone) {
    const next = await chunks.next();
    if (next.done === true) isDone = true;
    else head = Buffer.concat([head, bytesOf(next.value)]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield bytesOf(next.value);
  }
  if (GZIP_MAGIC.some((byte, index) => head[index] !== byte)) {
    yield* whole();
    return;
  }
  const gunzip = createGunzip();
  // The error reaches whoever reads from it.
  pipeline(whole(), gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') === true ? new ExportFileError('The file is gzip that is damaged.') : error;
  }
}

function bytesOf(chunk: Buffer | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
