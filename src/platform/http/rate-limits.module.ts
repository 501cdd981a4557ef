import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimits } from './rate-limits.service.js';

/** Imported behind the module of permissions: global guards run in the order of their modules. */
@Module({ providers: [RateLimits, { provide: APP_GUARD, useClass: RateLimitGuard }] })
export class RateLimitsModule {}
