import type { z } from 'zod';

/** What a cache is opened with. */
export interface CacheOptions<T> {
  /** Part of keys and the label of its figures: lower-case words, `destiny.definitions`. Never changes, one cache per name and process. */
  readonly name: string;
  /** Milliseconds for which an entry is given out; then it is loaded anew. */
  readonly ttlMs: number;
  /** Entries that this process keeps; those used longest ago go first. */
  readonly mostEntries: number;
  /** Raised whenever the shape of `T` changes: two releases that run side by side do not read each other's entries. */
  readonly version: number;
  /** What an entry of Redis has to keep to; one that departs from it is loaded anew. */
  readonly schema?: z.ZodType<T>;
  /** Entries stand in Redis too, where there is one, for all processes. */
  readonly isShared?: boolean;
}

/** Fetches what is not there. The signal aborts when nobody waits for it any more. */
export type Load<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Values are plain JSON (objects, arrays, texts, finite numbers, booleans, null) or undefined, and frozen to the bottom: all callers get
 * the same one. That something is not there is a value too. What belongs to a user has the user's id in its key.
 */
export interface Cache<T> {
  /**
   * What is known under `key`, or what `load` brings. Of calls at the same time one loads and all get its result or its failure;
   * a failure is not kept.
   * @throws what `load` threw, the signal's reason when the caller no longer waits, TypeError for a value that is no JSON
   */
  get(key: string, load: Load<T>, options?: { readonly signal?: AbortSignal | undefined }): Promise<T>;
  /**
   * Drops an entry here at once, and in the other processes as soon as Redis has told them. A load that is under way is not kept.
   * Called after the commit of what it is about (`tx.afterCommit`). Never fails; resolves when Redis knows or does not answer.
   */
  forget(key: string): Promise<void>;
}

/** How calls of `get` ended, since the process started. */
export interface CacheFigures {
  /** Found in this process. */
  hits: number;
  /** Found in Redis. */
  sharedHits: number;
  /** Waited for a load that somebody else had begun. */
  joined: number;
  /** Loaded. */
  misses: number;
  /** Loads that failed; each is a miss as well. */
  failures: number;
}
