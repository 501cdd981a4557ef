// How Langfuse Cloud may be called. Its limiter counts an organisation's calls in a fixed window of a minute that begins with a call, and
// of N points allows N-1 calls. We cannot know when its window began, so calls are spaced evenly, one at a time: any minute, wherever it
// begins, then holds at most N-1 of them, and 96 to 98 % of what is allowed is used.

export type LangfusePlan = 'self-hosted' | 'hobby' | 'core' | 'pro';

/** The reads of the legacy API have a count of their own, and so have the metrics of v2. */
export type LangfuseResource = 'legacy' | 'api' | 'metrics';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The limiter's window begins when the call arrives, which may be late by so much for the first of them and not for the last. */
const SLACK_MS = 1_000;

/** Points and their window, as of Langfuse 4.16 (2026-08). */
const POINTS: Readonly<
  Record<Exclude<LangfusePlan, 'self-hosted'>, Readonly<Record<LangfuseResource, readonly [number, number]>>>
> = {
  hobby: { legacy: [15, MINUTE_MS], api: [30, MINUTE_MS], metrics: [100, 24 * HOUR_MS] },
  core: { legacy: [30, MINUTE_MS], api: [1_000, MINUTE_MS], metrics: [100, HOUR_MS] },
  pro: { legacy: [100, MINUTE_MS], api: [1_000, MINUTE_MS], metrics: [500, HOUR_MS] },
};

/** One token bucket of the outbound room. */
export interface CallBudget {
  readonly limit: number;
  readonly windowMs: number;
}

/** null = any number of calls. */
export function callBudget(plan: LangfusePlan, resource: LangfuseResource): CallBudget | null {
  if (plan === 'self-hosted') return null;
  const [points, windowMs] = POINTS[plan][resource];
  const calls = points - 1;
  // Metrics are asked for seldom and in bursts: half at once and half evenly never exceed the whole.
  if (resource === 'metrics') return { limit: Math.floor(calls / 2), windowMs };
  return { limit: 1, windowMs: Math.ceil((windowMs + SLACK_MS) / calls) };
}
