import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { RedisState } from './redis-state.service.js';

/** Health for every role: a worker is watched like an API. */
@Module({ controllers: [HealthController], providers: [HealthService, RedisState] })
export class LifecycleModule {}
