import { LRUCache } from 'lru-cache';
import type { Cache, CacheFigures, CacheOptions, Load } from './cache.js';
import { entryKey, keyPrefix } from './entry-key.js';
import { Flight } from './flight.js';
import { freezeDeep } from './freeze-deep.js';
import type { FoundEntry, RedisEntries } from './redis-entries.js';

/** One cache of this process, and its part in Redis where it is shared. */
export class KeyedCache<T> implements Cache<T> {
  readonly figures: CacheFigures = { hits: 0, sharedHits: 0, joined: 0, misses: 0, failures: 0 };
  private readonly prefix: string;
  private readonly entries: LRUCache<string, { readonly value: T }>;
  private readonly flights = new Map<string, Flight<T>>();

  /** @param nowMs any clock that does not jump */
  constructor(
    private readonly options: CacheOptions<T>,
    private readonly shared: RedisEntries | undefined,
    nowMs: () => number,
  ) {
    this.prefix = keyPrefix(options);
    this.entries = new LRUCache({
      max: options.mostEntries,
      ttl: options.ttlMs,
      ttlResolution: 0,
      perf: { now: nowMs },
    });
  }

  get size(): number {
    return this.entries.size;
  }

  async get(key: string, load: Load<T>, options: { signal?: AbortSignal | undefined } = {}): Promise<T> {
    options.signal?.throwIfAborted();
    const full = this.fullKey(key);
    const entry = this.entries.get(full);
    if (entry) {
      this.figures.hits += 1;
      return entry.value;
    }
    const known = this.flights.get(full);
    if (known) this.figures.joined += 1;
    return (known ?? this.start(full, load)).wait(options.signal);
  }

  async forget(key: string): Promise<void> {
    const full = this.fullKey(key);
    this.drop(full);
    await this.shared?.forget(full);
  }

  /** What another process has forgotten. @param full as `entryKey` makes it; keys of other caches are passed over */
  drop(full: string): void {
    if (!full.startsWith(this.prefix)) return;
    this.entries.delete(full);
    const flight = this.flights.get(full);
    if (flight) this.end(full, flight);
  }

  /** Nobody knows what has been forgotten meanwhile. */
  dropAll(): void {
    this.entries.clear();
    for (const [full, flight] of this.flights) this.end(full, flight);
  }

  private start(full: string, load: Load<T>): Flight<T> {
    const flight: Flight<T> = new Flight(
      (signal) => this.bring(full, load, signal, () => !flight.isOutdated),
      () => this.land(full, flight),
    );
    this.flights.set(full, flight);
    return flight;
  }

  private async bring(full: string, load: Load<T>, signal: AbortSignal, isWanted: () => boolean): Promise<T> {
    const found = await (this.shared?.find(full) ?? NOTHING);
    const known = this.read(found.text);
    if (known) {
      this.figures.sharedHits += 1;
      if (isWanted()) this.entries.set(full, known, { ttl: found.leftMs });
      return known.value;
    }
    this.figures.misses += 1;
    try {
      const value = await load(signal);
      freezeDeep(value);
      if (isWanted()) {
        this.entries.set(full, { value });
        void this.shared?.store(full, JSON.stringify({ value }), this.options.ttlMs, found.ticket);
      }
      return value;
    } catch (error) {
      this.figures.failures += 1;
      throw error;
    }
  }

  /** An entry of Redis, if it is one of ours. */
  private read(text: string | undefined): { readonly value: T } | undefined {
    if (text === undefined) return undefined;
    try {
      const entry = JSON.parse(text) as { value: T };
      const { schema } = this.options;
      const value = schema === undefined ? entry.value : schema.parse(entry.value);
      freezeDeep(value);
      return { value };
    } catch {
      return undefined;
    }
  }

  private end(full: string, flight: Flight<T>): void {
    flight.isOutdated = true;
    this.land(full, flight);
  }

  private land(full: string, flight: Flight<T>): void {
    if (this.flights.get(full) === flight) this.flights.delete(full);
  }

  private fullKey(key: string): string {
    return entryKey(this.options, key);
  }
}

const NOTHING: Promise<FoundEntry> = Promise.resolve({ text: undefined, leftMs: 0, ticket: undefined });
