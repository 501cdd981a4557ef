import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { packageRoot } from '../../platform/config/package-root.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { sha256 } from '../../platform/crypto/digest.js';
import {
  type Reference,
  REFERENCE_CATEGORIES,
  REFERENCE_EDITIONS,
  type ReferenceEntry,
} from './reference-entry.js';

// The SRD's terms are shipped as one file (seeds/tabletop, made by scripts/build-srd-reference.mjs) and kept in memory: a few megabytes
// that never change while the process lives.

const MOST_UNPACKED_BYTES = 32 * 1_048_576;

const line = z.string().min(1).max(2_000);
const card = z.tuple([z.int().min(0).max(1), line.nullable(), z.array(line).max(20), z.string().max(2_000)]);
const FILE = z.strictObject({
  format: z.literal('guildhall-srd-reference/1'),
  notice: line,
  attribution: line,
  editions: z.tuple([z.literal('srd-2014'), z.literal('srd-2024')]),
  entries: z
    .array(
      z.tuple([
        z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
        line,
        z.enum(REFERENCE_CATEGORIES),
        z.array(card).min(1),
      ]),
    )
    .min(1)
    .max(100_000),
});

let shipped: Reference | undefined;

/** The shipped reference, read once per process. @throws StartupError */
export function shippedReference(): Reference {
  shipped ??= readReference(join(packageRoot(), 'seeds', 'tabletop', 'srd-reference.json.gz'));
  return shipped;
}

/** @throws StartupError that names the file and what is wrong with it */
export function readReference(path: string): Reference {
  try {
    const bytes = readFileSync(path);
    const unpacked = gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES }).toString('utf8');
    const file = FILE.parse(JSON.parse(unpacked));
    const entries = file.entries.map(toEntry);
    if (entries.some(({ slug }, index) => index > 0 && slug <= entries[index - 1]!.slug))
      throw new Error('its terms are out of order, or one occurs twice');
    return { checksum: sha256(bytes).toString('hex'), attribution: file.attribution, entries };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).slice(0, 200) : String(error);
    throw new StartupError(
      `The reference ${path} is unusable (${reason}); restore the file from the repository.`,
      {
        cause: error,
      },
    );
  }
}

function toEntry([slug, term, category, cards]: z.infer<typeof FILE>['entries'][number]): ReferenceEntry {
  return {
    slug,
    term,
    category,
    cards: cards.map(([edition, of, facts, text]) => ({
      edition: REFERENCE_EDITIONS[edition]!,
      of,
      facts,
      text,
    })),
  };
}
