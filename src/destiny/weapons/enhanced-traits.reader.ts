import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../platform/config/package-root.js';

// Weapons that were crafted or levelled carry enhanced traits, which have hashes of their own. Whoever looks for a trait means either, so
// an enhanced one counts as its base. The pairs are shipped as facts (seeds/destiny, with their source in the file).

const hash = z.number().int().min(1).max(0xffff_ffff);
const FILE = z.object({ notice: z.string(), source: z.string(), pairs: z.array(z.tuple([hash, hash])) });

let known: ReadonlyMap<number, number> | undefined;

/** The trait of each enhanced one, by hash. Read once per process. */
export function readEnhancedTraits(): ReadonlyMap<number, number> {
  known ??= readPairs(join(packageRoot(), 'seeds', 'destiny', 'enhanced-traits.json'));
  return known;
}

function readPairs(path: string): ReadonlyMap<number, number> {
  const { pairs } = FILE.parse(JSON.parse(readFileSync(path, 'utf8')));
  return new Map(pairs.map(([base, enhanced]) => [enhanced, base]));
}
