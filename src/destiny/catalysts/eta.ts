// When an objective will be done at the player's own pace, with a range that holds the true time in four of five cases.
//
// Strides (pace.ts) are taken for a renewal process with reward: what is left takes so many more strides, and the time of so many has a
// mean and a relative variance of `unevenness * (1 / ahead + 1 / seen)`, the first for what is still to happen, the second for not
// knowing the player's mean (Cox, Renewal Theory, 1962, chapter 8). Its logarithm is taken as normal, with Student's quantiles, since
// the unevenness is itself learnt from few strides; a prior speaks while there are fewer. The priors were fitted on simulated players
// and are checked on others (eta.spec.ts).
import type { LastLook, Pace, Stride } from './pace.js';
import { DAY_MS, EVENING_GAP_MS } from './pace.js';

/** 10th, 50th and 90th percentile. */
export interface EtaRange {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** `no_history`: no progress has been seen yet. `stalled`: a date would be a guess. */
export type Eta =
  | { readonly state: 'complete' }
  | { readonly state: 'unknown'; readonly reason: 'no_history' | 'no_target' }
  | { readonly state: 'stalled'; readonly sinceMs: number }
  | {
      readonly state: 'estimated';
      /** From the last look on. */
      readonly days: EtaRange;
      /** Unix time in milliseconds. */
      readonly finishAtMs: EtaRange;
      /** Hours played, in all activities; null where the time played is not known. */
      readonly hoursPlayed: EtaRange | null;
      /** How many evenings with progress the estimate rests on. */
      readonly strideCount: number;
    };

/** No forecast reaches farther: ten years. */
const MOST_DAYS = 3_650;
const MOST_HOURS = 50_000;
/** The last stride runs past the target: on average by half a stride. While the player plays, half an evening is still to come. */
const OVERSHOOT = 0.5;
const OVERSHOOT_WHILE_PLAYING = 0.4;
/** How uneven strides are before any was seen (squared coefficient of variation), and how many seen strides that belief weighs. */
const UNEVENNESS_IN_DAYS = 1.9;
const UNEVENNESS_IN_HOURS = 0.8;
const PRIOR_WEIGHT = 6;
/** Days: at which hour of the evening it happens cannot be known. */
const GRAIN_DAYS = 0.5;
/** The middle lies below the mean by so many times the variance of the logarithm. */
const SKEW = 0.3;
/** 90th percentile of the normal distribution. */
const Z_90 = 1.2816;

/** @param remaining units that are left; null where the target is not known */
export function etaOf(remaining: number | null, pace: Pace, look: LastLook): Eta {
  if (remaining === null) return { state: 'unknown', reason: 'no_target' };
  if (remaining <= 0) return { state: 'complete' };
  if (pace.stalledSinceMs !== null) return { state: 'stalled', sinceMs: pace.stalledSinceMs };
  if (pace.perDay === null) return { state: 'unknown', reason: 'no_history' };
  const isPlaying = pace.daysSinceGain * DAY_MS < EVENING_GAP_MS;
  const overshoot = isPlaying ? OVERSHOOT_WHILE_PLAYING : OVERSHOOT;
  const inDays = pace.strides.map(({ days, gain }) => ({ time: days, gain }));
  const days = forecast(inDays, {
    remaining,
    waited: pace.daysSinceGain,
    most: MOST_DAYS,
    overshoot,
    prior: UNEVENNESS_IN_DAYS,
    grain: GRAIN_DAYS,
  });
  const at = (later: number): number => Math.round(look.atMs + later * DAY_MS);
  return {
    state: 'estimated',
    days,
    finishAtMs: { low: at(days.low), mid: at(days.mid), high: at(days.high) },
    hoursPlayed: hoursOf(pace, remaining),
    strideCount: pace.strides.length,
  };
}

/**
 * Of a catalyst with several objectives: the last one to be done decides. Whatever cannot be told of one cannot be told of all.
 * @param etas of its objectives that count
 */
export function latestEta(etas: readonly Eta[]): Eta {
  let latest: Eta = { state: 'complete' };
  for (const eta of etas) {
    if (eta.state === 'complete') continue;
    if (latest.state === 'complete' || RANK[eta.state] > RANK[latest.state]) latest = eta;
    else if (eta.state === 'estimated' && latest.state === 'estimated' && eta.days.mid > latest.days.mid)
      latest = eta;
  }
  return latest;
}

const RANK: Record<Eta['state'], number> = { complete: 0, estimated: 1, unknown: 2, stalled: 3 };

function hoursOf(pace: Pace, remaining: number): EtaRange | null {
  const timed = pace.strides.filter((stride): stride is Stride & { hoursPlayed: number } => {
    return stride.hoursPlayed !== null && stride.hoursPlayed > 0;
  });
  if (timed.length === 0 || pace.perHourPlayed === null) return null;
  const inHours = timed.map(({ hoursPlayed, gain }) => ({ time: hoursPlayed, gain }));
  return forecast(inHours, {
    remaining,
    waited: pace.hoursPlayedSinceGain ?? 0,
    most: MOST_HOURS,
    overshoot: OVERSHOOT,
    prior: UNEVENNESS_IN_HOURS,
    grain: 0,
  });
}

interface Step {
  readonly time: number;
  readonly gain: number;
}

interface Task {
  /** In units of the steps' gain. */
  readonly remaining: number;
  /** Since the last progress, and the longest answer: in the unit of the steps' time. */
  readonly waited: number;
  readonly most: number;
  /** In strides. */
  readonly overshoot: number;
  /** Unevenness before any stride was seen. */
  readonly prior: number;
  /** What is uncertain however little is left, in the unit of the steps' time. */
  readonly grain: number;
}

function forecast(seen: readonly Step[], task: Task): EtaRange {
  const { remaining, waited, most, overshoot, prior, grain } = task;
  const count = seen.length;
  const meanTime = (sumOf(seen, 'time') + waited) / count;
  const meanGain = sumOf(seen, 'gain') / count;
  const ahead = remaining / meanGain + overshoot;
  const squares = seen.reduce((sum, { time, gain }) => sum + (gain / meanGain - time / meanTime) ** 2, 0);
  const freedom = count - 1 + PRIOR_WEIGHT;
  const unevenness = (squares + PRIOR_WEIGHT * prior) / freedom;
  const ofStrides = unevenness * (1 / ahead + 1 / count);
  const variance = Math.log(1 + ofStrides + (grain / (ahead * meanTime)) ** 2);
  const spread = studentZ90(freedom) * Math.sqrt(variance);
  const middle = Math.log(ahead * meanTime) - SKEW * variance;
  const at = (offset: number): number => Math.min(most, Math.exp(middle + offset));
  return { low: at(-spread), mid: at(0), high: at(spread) };
}

/** 90th percentile of Student's t, first term of the Cornish-Fisher expansion. */
function studentZ90(freedom: number): number {
  return Z_90 + (Z_90 ** 3 + Z_90) / (4 * freedom);
}

function sumOf(steps: readonly Step[], field: keyof Step): number {
  return steps.reduce((sum, step) => sum + step[field], 0);
}
