// What is known of a third party before it is called: how long, how much, how often. One constant per provider, made by
// `defineProvider` beside its client; the numbers below are the house's own and hold where a provider says nothing.

/** So many calls in so much time, shared by all processes of the installation. */
export interface Budget {
  /** Unique within the provider; stored in rows, so it never changes. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /**
   * `window`: begins at whole multiples of `windowMs` since 1970, such as a quarter of an hour or a day of UTC.
   * `bucket`: `limit` tokens that come back evenly, `limit` of them per window.
   */
  readonly shape: 'window' | 'bucket';
}

/** What a provider's own headers say of one of its budgets; what they do not say is left out. */
export interface BudgetUsage {
  readonly name: string;
  /** Calls that it has counted in the present window. */
  readonly usedCount?: number;
  /** Calls that it allows per window, where that differs from what we believe. */
  readonly limit?: number;
}

/** What an answer means to a provider that does not say so by its status. */
export type Verdict =
  /** One for the caller, whatever its status: no fault of the provider's, and not tried again. */
  | { readonly kind: 'answer' }
  /** As 429: all processes leave the provider alone for so long. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | undefined };

export interface OutboundPolicy {
  /** Lower-case kebab; part of span names, errors and rows. */
  readonly provider: string;
  /** The URLs come from users: public https addresses only, and each origin or receiver has a breaker and places of its own. */
  readonly isUserGiven: boolean;
  /** Loopback and private addresses alone are called: what is sent must not leave the own network. */
  readonly isOwnNetworkOnly: boolean;
  readonly connectTimeoutMs: number;
  /** The whole call with all its tries and waits. */
  readonly totalTimeoutMs: number;
  readonly mostResponseBytes: number;
  /** Tries altogether, for safe verbs and requests with a key. */
  readonly mostTries: number;
  /** Longest wait before the second try is `baseMs`; it doubles from try to try up to `capMs`. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** So many failures in a row open the circuit; after `halfOpenMs` one call may try again. */
  readonly breaker: { readonly failures: number; readonly halfOpenMs: number };
  /** Calls under way at the same time in one process, and those that may wait for a place. */
  readonly mostParallel: number;
  readonly mostWaiting: number;
  readonly budgets: readonly Budget[];
  /** Reads the budgets' state from an answer's headers; names are lower case. */
  readonly readUsage: ((headers: Readonly<Record<string, string>>) => readonly BudgetUsage[]) | null;
  /** How long a call stands in line for a budget of short waits before it fails for want of it; 0 = it does not. */
  readonly mostBudgetWaitMs: number;
  /** Looks at an answer before its status counts; null = its status says it. */
  readonly judge: ((answer: { readonly status: number; readonly body: Buffer }) => Verdict | null) | null;
}

const HOUSE = {
  isUserGiven: false,
  isOwnNetworkOnly: false,
  connectTimeoutMs: 3_000,
  totalTimeoutMs: 10_000,
  mostResponseBytes: 5_000_000,
  mostTries: 3,
  backoff: { baseMs: 250, capMs: 4_000 },
  breaker: { failures: 5, halfOpenMs: 10_000 },
  mostParallel: 8,
  mostWaiting: 100,
  budgets: [],
  readUsage: null,
  mostBudgetWaitMs: 0,
  judge: null,
} as const;

/** @throws Error when a number or name cannot be meant */
export function defineProvider(
  given: Pick<OutboundPolicy, 'provider'> & Partial<OutboundPolicy>,
): OutboundPolicy {
  const policy: OutboundPolicy = { ...HOUSE, ...given };
  const names = policy.budgets.map(({ name }) => name);
  const numbers = [
    policy.connectTimeoutMs,
    policy.totalTimeoutMs,
    policy.mostResponseBytes,
    policy.mostTries,
    policy.mostParallel,
    policy.breaker.failures,
    ...policy.budgets.flatMap(({ limit, windowMs }) => [limit, windowMs]),
  ];
  const isValid =
    /^[a-z][a-z0-9-]{0,40}$/.test(policy.provider) &&
    numbers.every((number) => Number.isInteger(number) && number >= 1) &&
    new Set(names).size === names.length;
  if (!isValid) throw new Error(`The policy of the provider ${policy.provider} cannot be meant.`);
  return Object.freeze(policy);
}
