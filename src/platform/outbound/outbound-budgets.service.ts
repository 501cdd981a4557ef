import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { OUTBOUND_ERROR, OutboundError } from './outbound.errors.js';
import { OutboundBudgetsRepository } from './outbound-budgets.repository.js';
import type { BudgetUsage, OutboundPolicy } from './outbound-policy.js';
import type { RawAnswer } from './transport.js';

const MOST_CALLS = 2_147_483_647;
/** How long a provider is left alone that asks for it and does not say for how long. */
const DEFAULT_SILENCE_MS = 1_000;

export const BUDGET_CLOCK = Symbol('BudgetClock');
/** Unix milliseconds where a test has a clock of its own; null = the database's. */
export type BudgetClock = () => number | null;

/** What providers allow, over all processes of the installation. A provider without budgets costs nothing here. */
@Injectable()
export class OutboundBudgets {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: OutboundBudgetsRepository,
    @Inject(BUDGET_CLOCK) private readonly nowMs: BudgetClock,
  ) {}

  /** @throws OutboundError with `retryAfterMs` when nothing is left */
  async take({ provider, budgets }: OutboundPolicy): Promise<void> {
    if (budgets.length === 0) return;
    const waitMs = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.updateTaken(tx, provider, budgets, this.nowMs()),
    );
    if (waitMs > 0)
      throw new OutboundError(OUTBOUND_ERROR.budgetExhausted, provider, { retryAfterMs: Math.ceil(waitMs) });
  }

  /**
   * Writes down what an answer says of the budgets.
   * @param isLimited it asks to be left alone
   * @param retryMs for so long
   */
  async report(
    policy: OutboundPolicy,
    answer: Omit<RawAnswer, 'body'>,
    isLimited: boolean,
    retryMs: number | undefined,
  ): Promise<void> {
    const { provider, budgets, readUsage } = policy;
    if (budgets.length === 0) return;
    const usages = (readUsage?.(answer.headers) ?? []).map(plausible);
    const blockMs = isLimited ? (retryMs ?? DEFAULT_SILENCE_MS) : null;
    if (usages.length === 0 && blockMs === null) return;
    await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.updateReported(tx, provider, budgets, usages, blockMs, this.nowMs()),
    );
  }
}

/** Headers are somebody else's: a figure that cannot be one is left out. */
function plausible({ name, usedCount, limit }: BudgetUsage): BudgetUsage {
  const isCount = (value: number | undefined, least: number): value is number =>
    value !== undefined && Number.isInteger(value) && value >= least && value <= MOST_CALLS;
  return {
    name,
    ...(isCount(usedCount, 0) ? { usedCount } : {}),
    ...(isCount(limit, 1) ? { limit } : {}),
  };
}
