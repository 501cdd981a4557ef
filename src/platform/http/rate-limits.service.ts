import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Standing } from './caller-counts.js';
import type { Quota } from './rate-limit.decorator.js';

const COMMAND_TIMEOUT_MS = 500;

/**
 * Counts calls: in Redis with REDIS_URL, else in PostgreSQL, so that all processes count together; in the process itself
 * where that does not answer. A caller who is over is told so from memory, so a flood costs the store nothing.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly limiters = new Map<string, RateLimiterAbstract>();
  private readonly redis: Redis | undefined;

  constructor(
    @Inject(ENV) env: Env,
    private readonly system: SystemUnitOfWork,
  ) {
    if (env.redisUrl === undefined) return;
    this.redis = new Redis(env.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
    });
    this.redis.on('error', () => undefined); // the memory's turn
  }

  /** Counts one call over all processes. @param key who calls; stored as it is, so hashed where it is personal */
  async take(name: string, quota: Quota, key: string): Promise<Standing> {
    try {
      return standing(await this.limiter(name, quota).consume(key), true);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { ...standing(refusal, false), remaining: 0 };
    }
  }

  /** Takes one call back that turned out to be none of those that are meant. */
  async giveBack(name: string, quota: Quota, key: string): Promise<void> {
    await this.limiter(name, quota).reward(key);
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private limiter(name: string, quota: Quota): RateLimiterAbstract {
    const known = this.limiters.get(name);
    if (known) return known;
    const made = this.newLimiter(name, quota);
    this.limiters.set(name, made);
    return made;
  }

  private newLimiter(name: string, quota: Quota): RateLimiterAbstract {
    const common = {
      keyPrefix: `limit:${name}`,
      ...options(quota),
      inMemoryBlockOnConsumed: quota.points + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, ...options(quota) }),
    };
    if (this.redis) return new RateLimiterRedis({ ...common, storeClient: this.redis });
    return new RateLimiterPostgres({
      ...common,
      storeClient: { query: (query: LibraryQuery) => this.query(query) },
      storeType: 'client',
      schemaName: 'platform',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: this.limiters.size === 0, // one clears the table of all
    });
  }

  /** The library's own statements, of which it has one per verb. */
  private async query({ text, values }: LibraryQuery): Promise<{ rows: object[] }> {
    const verb = /[A-Za-z]+/.exec(text)![0].toLowerCase();
    const statement = { name: `platform.rate-limits.${verb}`, text, values };
    return { rows: await this.system.run(SYSTEM_SCOPE, (tx) => tx.query<object>(statement)) };
  }
}

interface LibraryQuery {
  text: string;
  values: unknown[];
}

function options({ points, durationS }: Quota): { points: number; duration: number } {
  return { points, duration: durationS };
}

function standing({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Standing {
  return { isAllowed, remaining: remainingPoints, resetS: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}
