import { type DynamicModule, Module } from '@nestjs/common';
import { CacheMetrics } from './cache-metrics.service.js';
import { CACHE_WORLD, type CacheWorld } from './cache.tokens.js';
import { Caches } from './caches.service.js';

@Module({})
export class CacheModule {
  static forRoot(redisUrl: string | undefined, log: CacheWorld['log']): DynamicModule {
    const world: CacheWorld = { redisUrl, log, nowMs: () => performance.now() };
    return {
      module: CacheModule,
      global: true,
      providers: [{ provide: CACHE_WORLD, useValue: world }, Caches, CacheMetrics],
      exports: [Caches],
    };
  }
}
