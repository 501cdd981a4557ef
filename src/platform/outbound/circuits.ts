import {
  bulkhead,
  BrokenCircuitError,
  BulkheadRejectedError,
  type BulkheadPolicy,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  TaskCancelledError,
} from 'cockatiel';
import { isOutage, OUTBOUND_ERROR, OutboundError } from './outbound.errors.js';
import type { OutboundPolicy } from './outbound-policy.js';
import { RetryBudget } from './retry-timing.js';

// What a process remembers of each third party: whether it is up, how many calls are under way, how many retries it has earned.
// A provider is one third party; of addresses given by users each origin is one, or a single dead one would silence the rest. Where many
// receivers live below one address, the caller says which it calls, and each is one. What is known of those called longest ago is
// forgotten: they are taken to be up.

const MOST_CIRCUITS = 2_000;
const BUSY_RETRY_MS = 1_000;

export class Circuit {
  readonly retries = new RetryBudget();
  private readonly places: BulkheadPolicy;
  private readonly breaker: CircuitBreakerPolicy;

  constructor(
    private readonly policy: OutboundPolicy,
    onChange: (isOpen: boolean) => void,
  ) {
    this.places = bulkhead(policy.mostParallel, policy.mostWaiting);
    this.breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: policy.breaker.halfOpenMs,
      breaker: new ConsecutiveBreaker(policy.breaker.failures),
    });
    this.breaker.onBreak(() => onChange(true));
    this.breaker.onReset(() => onChange(false));
  }

  get isOpen(): boolean {
    return this.breaker.state === CircuitState.Open;
  }

  /**
   * One try: waits for a place, asks whether the circuit lets it pass, and counts how it ends.
   * @throws OutboundError what `attempt` throws, or that it was not made
   */
  async run<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const { provider, breaker } = this.policy;
    try {
      return await this.places.execute(() => this.breaker.execute(attempt), signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        const retryAfterMs = breaker.halfOpenMs;
        throw new OutboundError(OUTBOUND_ERROR.circuitOpen, provider, { retryAfterMs });
      }
      if (error instanceof BulkheadRejectedError)
        throw new OutboundError(OUTBOUND_ERROR.tooBusy, provider, { retryAfterMs: BUSY_RETRY_MS });
      if (error instanceof TaskCancelledError) throw new OutboundError(OUTBOUND_ERROR.timeout, provider);
      throw error;
    }
  }
}

export class Circuits {
  /** By provider, and by origin or receiver where there are several; the least recently used first. */
  private readonly known = new Map<string, Circuit>();

  constructor(private readonly onChange: (provider: string, isOpen: boolean) => void) {}

  /** @param receiver which of those below the address is called, where each is up or down by itself */
  of(policy: OutboundPolicy, url: URL, receiver: string | undefined): Circuit {
    const { provider } = policy;
    const place = receiver ?? (policy.isUserGiven ? url.origin : '');
    const key = `${provider} ${place}`;
    const circuit = this.known.get(key) ?? new Circuit(policy, (isOpen) => this.onChange(provider, isOpen));
    this.known.delete(key);
    this.known.set(key, circuit);
    if (this.known.size > MOST_CIRCUITS) this.known.delete(this.known.keys().next().value!);
    return circuit;
  }
}
