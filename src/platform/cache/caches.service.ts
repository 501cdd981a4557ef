import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Cache, CacheFigures, CacheOptions } from './cache.js';
import { CACHE_WORLD, type CacheWorld } from './cache.tokens.js';
import { KeyedCache } from './keyed-cache.js';
import { RedisEntries } from './redis-entries.js';

/** Every cache of this process. A service opens its own in its constructor and keeps it. */
@Injectable()
export class Caches implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly opened = new Map<string, KeyedCache<unknown>>();
  private readonly sharing = new Set<KeyedCache<unknown>>();
  private readonly redis: RedisEntries | undefined;

  constructor(@Inject(CACHE_WORLD) private readonly world: CacheWorld) {
    if (world.redisUrl === undefined) return;
    this.redis = new RedisEntries({
      url: world.redisUrl,
      log: world.log,
      nowMs: world.nowMs,
      onForgotten: (key) => this.sharing.forEach((cache) => cache.drop(key)),
      onMissed: () => this.sharing.forEach((cache) => cache.dropAll()),
    });
  }

  /** @throws Error for a name that is taken or figures that cannot be meant */
  open<T>(options: CacheOptions<T>): Cache<T> {
    const numbers = [options.ttlMs, options.mostEntries, options.version];
    const isMeant =
      /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/.test(options.name) &&
      numbers.every((number) => Number.isInteger(number) && number >= 1);
    if (!isMeant) throw new Error(`The options of the cache ${options.name} cannot be meant.`);
    if (this.opened.has(options.name)) throw new Error(`There is a cache ${options.name} already.`);
    const shared = options.isShared === true ? this.redis : undefined;
    const cache = new KeyedCache<T>(options, shared, this.world.nowMs);
    this.opened.set(options.name, cache as KeyedCache<unknown>);
    if (shared) this.sharing.add(cache as KeyedCache<unknown>);
    return cache;
  }

  /** What each did, by name. */
  figures(): { readonly name: string; readonly size: number; readonly figures: Readonly<CacheFigures> }[] {
    return [...this.opened].map(([name, { size, figures }]) => ({ name, size, figures }));
  }

  /** Of the Redis behind: `none` where there is none, `down` as long as it does not answer. */
  redisState(): 'none' | 'up' | 'down' {
    if (this.redis === undefined) return 'none';
    return this.redis.isUp ? 'up' : 'down';
  }

  /** Not before: a program that cannot start has nothing to say of its caches. */
  onApplicationBootstrap(): void {
    this.redis?.open();
  }

  onApplicationShutdown(): void {
    this.redis?.close();
  }
}
