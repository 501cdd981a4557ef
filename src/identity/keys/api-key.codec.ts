import { randomBytes } from 'node:crypto';
import { sha256 } from '../../platform/crypto/digest.js';
import { randomText } from '../../platform/crypto/random-text.js';

// A key is `gh_<prefix>_<secret>`: the prefix (60 bits) finds it and may be shown, the secret (256 bits) opens.

const SHAPE = /^(gh_[0-9a-z]{12})_[A-Za-z0-9_-]{43}$/;

export interface NewApiKey {
  key: string;
  /** With its `gh_`. */
  prefix: string;
  hash: Buffer;
}

export function newApiKey(): NewApiKey {
  const prefix = `gh_${randomText(12)}`;
  const key = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix, hash: hashOfApiKey(key) };
}

/** The prefix of what has the form of a key; undefined for anything else. */
export function prefixOf(text: string): string | undefined {
  return SHAPE.exec(text)?.[1];
}

/** What the database keeps of a key. */
export function hashOfApiKey(key: string): Buffer {
  return sha256(key);
}
