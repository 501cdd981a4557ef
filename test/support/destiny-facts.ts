import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../src/platform/config/package-root.js';

/** Beside the repository, or beside the folder of its worktrees. */
const FOLDERS = ['../shared/data/destiny', '../../shared/data/destiny'].map((path) =>
  resolve(packageRoot(), path),
);

/** Where recorded data of Destiny lies; undefined where this machine has none, and what needs it is skipped by name. */
export const destinyFactsFolder = FOLDERS.find((folder) => existsSync(folder));

/** One of its files as text. @param name ends in .gz where it is packed */
export function readDestinyFacts(name: string): string {
  const bytes = readFileSync(resolve(destinyFactsFolder ?? '', name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}
