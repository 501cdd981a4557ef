import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDERS = [process.env.GUILDHALL_SHARED, '../shared', '../../shared']
  .filter((path) => path !== undefined)
  .map((path) => join(path, 'data/srd'));

/** The records of the SRD that lie beside the repository on machines of its developers; undefined elsewhere. */
export function srdFolder(): string | undefined {
  return FOLDERS.find((path) => existsSync(path));
}

/** A file of it, unpacked and parsed. @param name `lexicon.json.gz` */
export function srdJson(folder: string, name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString('utf8'));
}
