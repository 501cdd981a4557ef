import { expect } from '@jest/globals';

// What the original answers on the recorded rows, where it answers rightly. Each departure is named with its reason.

/** Equal but for the last digits of sums of floating-point numbers. */
export function expectedAnswer(key: string, original: unknown): unknown {
  return loosened(departed(key, original));
}

/** Seconds that a trace really took on average; the original's 8.126 is the mean of the sessions' means. */
const TRUE_LATENCY = 9.081;

/** What the original should have answered. */
function departed(key: string, original: unknown): unknown {
  if (key.startsWith('GET /sessions/stats')) {
    // SQLite's days of julianday() are good to some microseconds.
    const { avg_duration_seconds: duration } = original as { avg_duration_seconds: number };
    return {
      ...(original as object),
      avg_duration_seconds: expect.closeTo(duration, 4),
      avg_latency_seconds: expect.closeTo(TRUE_LATENCY, 3),
    };
  }
  if (key.startsWith('GET /metrics/dashboard')) {
    const { kpis, ...rest } = original as { kpis: object };
    return { ...rest, kpis: { ...kpis, avg_latency_seconds: expect.closeTo(TRUE_LATENCY, 3) } };
  }
  if (/^GET \/agents\/[^/]+$/.test(key)) {
    // Usage hangs on what ran below the agent; the original looked for it on the agent's own row, and always answered 0.
    const { recent_executions: runs, ...rest } = original as { recent_executions: object[] };
    const numbers = { tokens: expect.any(Number), cost: expect.any(Number) };
    return { ...rest, recent_executions: runs.map((run) => ({ ...run, ...numbers })) };
  }
  return original;
}

function loosened(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : expect.closeTo(value, 9);
  if (Array.isArray(value)) return value.map(loosened);
  if (value === null || typeof value !== 'object' || 'asymmetricMatch' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, loosened(inner)]));
}
