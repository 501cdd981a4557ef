// How often Langfuse Cloud may be called, with the arithmetic of its limiter: a fixed window that begins with its first call, one
// count per organisation and resource, refused calls count too, and the test is "remaining < 1", so that N points allow N-1 calls.

export const PLANS = ['self-hosted', 'hobby', 'core', 'pro'] as const;
export type Plan = (typeof PLANS)[number];

/** The legacy reads (v1 sessions, traces, observations), and all other reads of ours. */
export type Resource = 'public-api-legacy' | 'public-api';

const MINUTE_MS = 60_000;
const POINTS: Readonly<Record<Plan, Readonly<Record<Resource, number | null>>>> = {
  'self-hosted': { 'public-api-legacy': null, 'public-api': null },
  hobby: { 'public-api-legacy': 15, 'public-api': 30 },
  core: { 'public-api-legacy': 30, 'public-api': 1_000 },
  pro: { 'public-api-legacy': 100, 'public-api': 1_000 },
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
    const points = POINTS[this.plan][resource];
    if (points === null) return undefined;
    let window = this.windows.get(resource);
    if (window === undefined || nowMs >= window.startedMs + MINUTE_MS) {
      window = { startedMs: nowMs, used: 0 };
      this.windows.set(resource, window);
    }
    window.used += 1;
    const remaining = Math.max(0, points - window.used);
    const msBeforeNext = window.startedMs + MINUTE_MS - nowMs;
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
