import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import type { CacheFigures } from './cache.js';
import { Caches } from './caches.service.js';

/** Caches at /metrics, by name. */
@Injectable()
export class CacheMetrics {
  constructor(
    private readonly registry: Registry,
    private readonly caches: Caches,
  ) {
    this.count('hits', 'Calls answered from the memory of this process.', ({ hits }) => hits);
    this.count('shared_hits', 'Calls answered from Redis.', ({ sharedHits }) => sharedHits);
    this.count('joined', 'Calls that waited for a load under way.', ({ joined }) => joined);
    this.count('misses', 'Calls that loaded.', ({ misses }) => misses);
    this.count('failures', 'Loads that failed.', ({ failures }) => failures);
    this.gauge('hit_ratio', 'Part of the calls that did not load, since the start.', ({ figures }) => {
      const spared = figures.hits + figures.sharedHits + figures.joined;
      return spared / Math.max(1, spared + figures.misses);
    });
    this.gauge('entries', 'Entries in the memory of this process.', ({ size }) => size);
    this.gaugeRedis();
  }

  private count(what: string, help: string, figureOf: (figures: Readonly<CacheFigures>) => number): void {
    const { caches } = this;
    new Counter({
      name: `cache_${what}_total`,
      help,
      labelNames: ['cache'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { name, figures } of caches.figures()) this.inc({ cache: name }, figureOf(figures));
      },
    });
  }

  private gauge(
    what: string,
    help: string,
    figureOf: (cache: ReturnType<Caches['figures']>[number]) => number,
  ): void {
    const { caches } = this;
    new Gauge({
      name: `cache_${what}`,
      help,
      labelNames: ['cache'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const cache of caches.figures()) this.set({ cache: cache.name }, figureOf(cache));
      },
    });
  }

  private gaugeRedis(): void {
    const { caches } = this;
    if (caches.redisState() === 'none') return;
    new Gauge({
      name: 'cache_redis_up',
      help: '1 while the Redis behind the caches answers.',
      registers: [this.registry],
      collect() {
        this.set(caches.redisState() === 'up' ? 1 : 0);
      },
    });
  }
}
