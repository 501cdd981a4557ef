import type { Readable } from 'node:stream';
import { isUuid } from '../database/uuid.js';

/** Part of a file: bytes `from` to `to`, both counted. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

/** Where the bytes lie. Keys are ids of our making; nothing a client says becomes part of one. */
export interface FileStore {
  /** Takes the file at `path` over; it is gone from there afterwards. Repeating it is harmless. */
  put(key: string, path: string): Promise<void>;
  /** @throws when it is not there */
  open(key: string, span?: ByteSpan): Promise<Readable>;
  /** What is not there is gone already. */
  delete(key: string): Promise<void>;
  /** All keys with the time of their last change, Unix milliseconds. */
  list(): AsyncIterable<{ key: string; changedAtMs: number }>;
}

/** The last line of defence: a key that is no id never reaches a path or a URL. @throws Error */
export function assertKey(key: string): void {
  if (!isUuid(key)) throw new Error('A stored file is named by a lower-case UUID');
}
