import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/config/package-root.js';
import { Catalog, type CatalogFile, catalogFileSchema } from './catalog.js';

let shipped: Catalog | undefined;

/** Where the facts of all catalysts are shipped. */
export function catalogPath(): string {
  return join(packageRoot(), 'seeds', 'destiny', 'catalysts.json');
}

/** The shipped catalog; read and checked at the first call, the same object ever after. @throws Error when the file was damaged */
export function shippedCatalog(): Catalog {
  return (shipped ??= new Catalog(readCatalogFile(catalogPath()).catalysts));
}

/** @throws Error naming the first place of the file that is not as it should be */
export function readCatalogFile(path: string): CatalogFile {
  const parsed = catalogFileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new Error(`${path} is damaged: ${place.join('.')}: ${message}`);
}
