import { sha256 } from '../crypto/digest.js';

const LONGEST_KEY = 200;

interface CacheIdentity {
  readonly name: string;
  readonly version: number;
}

/** What all entries of a cache begin with, and those of no other: names hold no colon. */
export function keyPrefix({ name, version }: CacheIdentity): string {
  return `${name}:${version}:`;
}

/** What an entry is known by in all processes. Long keys stand there by their digest. */
export function entryKey(cache: CacheIdentity, key: string): string {
  return keyPrefix(cache) + (key.length > LONGEST_KEY ? `sha256-${sha256(key).toString('hex')}` : `=${key}`);
}
