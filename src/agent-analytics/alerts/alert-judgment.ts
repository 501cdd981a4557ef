import { type FiredState, nextStep, type Verdict } from '../../platform/notifications/firing.js';
import type { AlertRule } from './alert-rule.js';

// What one look at a metric makes of an alert. Time is that of the data: a look is at the window that ends where everything has been read.
//
// Rows come late and are corrected, so the same window may look different tomorrow: it may hold, be missed, and hold again without anything
// new having happened. Therefore an alert fires for rows once: the window that it fires for has no instant in common with the one that it
// fired for before. What holds on is told again by nobody; what comes back meanwhile is told when it still holds after that.

export interface AlertState {
  /** Undefined = armed. */
  readonly fired: FiredState | undefined;
  /** End of the window that it fired for last, Unix milliseconds; null = it never has. */
  readonly firedEndMs: number | null;
}

export interface AlertTerms {
  readonly rule: Pick<AlertRule, 'windowS' | 'direction' | 'threshold'>;
  /** Of the threshold: missed by so much, it is armed again. */
  readonly rearmPct: number;
  /** So long after it fired, it is armed again by any miss; null = never. */
  readonly silenceH: number | null;
}

export const ARMED: AlertState = { fired: undefined, firedEndMs: null };
const HOUR_MS = 3_600_000;

/** @param value null = there is nothing to tell it of */
export function verdictOf({ rule, rearmPct }: AlertTerms, value: number | null): Verdict {
  if (value === null) return 'aged';
  const over = rule.direction === 'above' ? value - rule.threshold : rule.threshold - value;
  if (over > 0) return 'holds';
  return -over >= (Math.abs(rule.threshold) * rearmPct) / 100 ? 'clear' : 'missed';
}

/** @param windowEndMs of the look, Unix milliseconds; never before the one before */
export function judge(
  state: AlertState,
  terms: AlertTerms,
  { value, windowEndMs }: { readonly value: number | null; readonly windowEndMs: number },
): { readonly state: AlertState; readonly isFiring: boolean } {
  const silenceMs = terms.silenceH === null ? null : terms.silenceH * HOUR_MS;
  const step = nextStep(state.fired, verdictOf(terms, value), windowEndMs, silenceMs);
  if (!step.isFiring) return { state: { ...state, fired: step.state }, isFiring: false };
  const isNews = state.firedEndMs === null || windowEndMs - terms.rule.windowS * 1_000 >= state.firedEndMs;
  return isNews
    ? { state: { fired: step.state, firedEndMs: windowEndMs }, isFiring: true }
    : { state, isFiring: false };
}
