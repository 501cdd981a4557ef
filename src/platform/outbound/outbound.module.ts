import { type DynamicModule, Module } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { productVersion } from '../config/product-version.js';
import { BUDGET_CLOCK } from './outbound-budgets.service.js';
import { OutboundBudgets } from './outbound-budgets.service.js';
import { OutboundBudgetsRepository } from './outbound-budgets.repository.js';
import { Outbound, realSleep } from './outbound.service.js';
import { OUTBOUND_WORLD, type OutboundLog, type OutboundWorld } from './outbound.tokens.js';

/** The way out of the house. */
@Module({})
export class OutboundModule {
  static forRoot(env: Env, log: OutboundLog): DynamicModule {
    const world: OutboundWorld = {
      isPrivateAllowed: env.isOutboundPrivateAllowed,
      userAgent: `guildhall/${productVersion()}`,
      random: () => Math.random(),
      nowMs: () => Date.now(),
      sleep: realSleep,
      log,
    };
    return {
      module: OutboundModule,
      global: true,
      providers: [
        { provide: OUTBOUND_WORLD, useValue: world },
        { provide: BUDGET_CLOCK, useValue: () => null },
        OutboundBudgetsRepository,
        OutboundBudgets,
        Outbound,
      ],
      exports: [Outbound],
    };
  }
}
