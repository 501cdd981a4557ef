// What readers of seed files share: unpacking within bounds, the checksum of the bytes, columns back to rows, and refusing a file
// as a whole with the first thing that is wrong with it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { StartupError } from '../../platform/config/startup-error.js';

/** Schemas of the values that columns hold. */
export const seedParts = {
  count: z.int32().positive(),
  level: z.int().min(1).max(1_000),
  text: z.string().min(1).max(255),
  column: <T extends z.ZodType>(value: T): z.ZodArray<T> => z.array(value).max(1_000_000),
};

/** Far above any real seed (dofus: 1 MB), far below what would hurt: a damaged file must not fill the memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/** SHA-256 of a seed file as hex, without unpacking it. Throws StartupError when it cannot be read. */
export function seedChecksum(path: string): string {
  return sha256(readSeedFile(path));
}

/**
 * Reads and checks a seed file.
 * @param toRows makes rows of the parsed JSON, or throws what is wrong with it
 * @throws StartupError, naming the file and the first thing wrong with it
 */
export function readSeed<T>(path: string, toRows: (content: unknown, checksum: string) => T): T {
  const bytes = readSeedFile(path);
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8');
    return toRows(JSON.parse(unpacked), sha256(bytes));
  } catch (error) {
    throw unusable(path, reasonOf(error), error);
  }
}

function readSeedFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unusable(path, reasonOf(error), error);
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unusable(path: string, reason: string, cause: unknown): StartupError {
  return new StartupError(
    `The catalogue seed ${path} is unusable (${reason}); restore the file from the repository.`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return issue === undefined ? 'wrong form' : `${issue.path.join('.')}: ${issue.message}`;
  }
  return types.isNativeError(error) ? error.message : String(error);
}

/** Sorted unique ids were written as differences; steps are above zero, so what comes out ascends and repeats nothing. */
export function fromSteps(idSteps: readonly number[]): number[] {
  let id = 0;
  return idSteps.map((step) => (id += step));
}

export function at<T>(values: readonly T[], index: number): T {
  if (index >= values.length) throw new Error(`there is no position ${index} in a list of ${values.length}`);
  return values[index] as T;
}

export function assertEqualLengths(table: string, columns: Record<string, readonly unknown[]>): void {
  const lengths = new Set(Object.values(columns).map((values) => values.length));
  if (lengths.size > 1)
    throw new Error(`the columns of ${table} have different lengths: ${[...lengths].join(', ')}`);
}

export function assertKnown(what: string, known: ReadonlySet<number>, id: number): void {
  if (!known.has(id)) throw new Error(`${what} ${id} is missing`);
}

export function assertUnique(what: string, values: readonly (string | number)[]): void {
  const seen = new Set<string | number>();
  for (const value of values) {
    if (seen.has(value)) throw new Error(`${what} ${value} occurs twice`);
    seen.add(value);
  }
}
