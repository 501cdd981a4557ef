export const CACHE_WORLD = Symbol('CacheWorld');

/** What caches depend on; tests bring their own. */
export interface CacheWorld {
  /** Undefined = every process has caches of its own. */
  readonly redisUrl: string | undefined;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** Milliseconds of a clock that does not jump. */
  readonly nowMs: () => number;
}
