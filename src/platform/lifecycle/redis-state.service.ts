import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { DependencyStates, type DependencyState } from '../dependencies/dependency-states.js';

const ANSWER_WITHIN_MS = 2_000;

/** Whether Redis answers, where one is configured. Each look has a connection of its own, so that it meets what a new process would. */
@Injectable()
export class RedisState implements OnModuleInit {
  constructor(
    private readonly states: DependencyStates,
    @Inject(ENV) private readonly env: Pick<Env, 'redisUrl'>,
  ) {}

  onModuleInit(): void {
    this.states.register('redis', () => this.look());
  }

  private async look(): Promise<DependencyState> {
    if (this.env.redisUrl === undefined) return { status: 'off', latencyMs: null };
    const redis = new Redis(this.env.redisUrl, {
      lazyConnect: true,
      disableClientInfo: true,
      enableReadyCheck: false, // one that is loading refuses the question
      connectTimeout: ANSWER_WITHIN_MS,
      commandTimeout: ANSWER_WITHIN_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    redis.on('error', () => undefined); // the command fails with it
    try {
      await redis.connect();
      const startedMs = performance.now();
      await redis.ping();
      return { status: 'ok', latencyMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000 };
    } finally {
      redis.disconnect();
    }
  }
}
