import type { OutboundBudgets } from './outbound-budgets.service.js';
import { OutboundError } from './outbound.errors.js';
import type { OutboundPolicy } from './outbound-policy.js';
import type { OutboundWorld } from './outbound.tokens.js';

/**
 * Where calls of one process wait for a budget that fills within moments. One at a time asks and waits, or all would be told the same
 * moment and all but one would have waited in vain.
 */
export class BudgetLines {
  /** The last of each provider's line; settles without a failure. */
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(
    private readonly budgets: Pick<OutboundBudgets, 'take'>,
    private readonly world: Pick<OutboundWorld, 'nowMs' | 'sleep'>,
  ) {}

  /** @throws OutboundError when there is nothing left for longer than the policy waits; the signal's reason */
  take(policy: OutboundPolicy, signal: AbortSignal): Promise<void> {
    if (policy.mostBudgetWaitMs === 0) return this.budgets.take(policy);
    const endsAtMs = this.world.nowMs() + policy.mostBudgetWaitMs;
    const before = this.tails.get(policy.provider) ?? Promise.resolve();
    const turn = before.then(() => this.wait(policy, endsAtMs, signal));
    this.tails.set(
      policy.provider,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private async wait(policy: OutboundPolicy, endsAtMs: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.budgets.take(policy);
      } catch (error) {
        const waitMs = error instanceof OutboundError ? error.retryAfterMs : undefined;
        if (waitMs === undefined || this.world.nowMs() + waitMs > endsAtMs) throw error;
        await this.world.sleep(waitMs, signal);
      }
    }
  }
}
