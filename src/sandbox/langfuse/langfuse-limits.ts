// How often Langfuse Cloud may be called, with the arithmetic of its limiter: a fixed window that begins with its first call, one
// count per organisation and resource, refused calls count too, and the test is "remaining < 1", so that N points allow N-1 calls.

export const PLANS = ['self-hosted', 'hobby', 'core', 'pro'] as const;
export type Plan = (typeof PLANS)[number];

/** The legacy reads (v1 sessions, traces, observations), metrics of v2, and all other reads of ours. */
export type Resource = 'public-api-legacy' | 'public-api-v2-metrics' | 'public-api';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Points and the window that they are for. */
const LIMITS: Readonly<
  Record<Exclude<Plan, 'self-hosted'>, Readonly<Record<Resource, readonly [number, number]>>>
> = {
  hobby: {
    'public-api-legacy': [15, MINUTE_MS],
    'public-api-v2-metrics': [100, 24 * HOUR_MS],
    'public-api': [30, MINUTE_MS],
  },
  core: {
    'public-api-legacy': [30, MINUTE_MS],
    'public-api-v2-metrics': [100, HOUR_MS],
    'public-api': [1_000, MINUTE_MS],
  },
  pro: {
    'public-api-legacy': [100, MINUTE_MS],
    'public-api-v2-metrics': [500, HOUR_MS],
    'public-api': [1_000, MINUTE_MS],
  },
};

export interface LimitedCall {
  readonly points: number;
  readonly remaining: number;
  readonly msBeforeNext: number;
  readonly isLimited: boolean;
}

export class LangfuseLimits {
  private readonly windows = new Map<Resource, { startedMs: number; used: number }>();

  constructor(private readonly plan: Plan) {}

  /** Counts a call. @returns undefined where there is no limit */
  consume(resource: Resource, nowMs: number): LimitedCall | undefined {
    if (this.plan === 'self-hosted') return undefined;
    const [points, windowMs] = LIMITS[this.plan][resource];
    let window = this.windows.get(resource);
    if (window === undefined || nowMs >= window.startedMs + windowMs) {
      window = { startedMs: nowMs, used: 0 };
      this.windows.set(resource, window);
    }
    window.used += 1;
    const remaining = Math.max(0, points - window.used);
    const msBeforeNext = window.startedMs + windowMs - nowMs;
    return { points, remaining, msBeforeNext, isLimited: remaining < 1 };
  }
}

/** Status, headers and body of a refused call, word for word. */
export function limitedAnswer({ points, remaining, msBeforeNext }: LimitedCall, nowMs: number) {
  const retryAfterSeconds = Math.ceil(msBeforeNext / 1_000);
  const resetAt = new Date(nowMs + msBeforeNext);
  return {
    status: 429,
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-limit': String(points),
      'x-ratelimit-remaining': String(remaining),
      // A date as JavaScript shows it, not an epoch.
      'x-ratelimit-reset': resetAt.toString(),
    },
    body: {
      message: `Rate limit exceeded. Retry after ${retryAfterSeconds} seconds.`,
      code: 'rate_limited',
      details: { retryAfterSeconds, limit: points, remaining, resetAt: resetAt.toISOString() },
    },
  };
}
