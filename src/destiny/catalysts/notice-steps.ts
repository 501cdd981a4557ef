// Which notices follow when a player's catalyst moves from one status to the next. Each is told once in the life of a catalyst: its key
// names record and step alone, so that whoever stores keys drops what comes again, after a restart or after a number that went back and
// forth. What is seen for the first time ever is where the player stood when they came, and no news.
import type { CatalystStatus } from './judge-catalyst.js';

export const NOTICE_STEPS = ['found', 'half', 'near', 'complete', 'stalled'] as const;
/** `half` is 50 %, `near` 90 %. */
export type NoticeStep = (typeof NOTICE_STEPS)[number];

export interface CatalystNotice {
  readonly recordHash: number;
  readonly step: NoticeStep;
  /** Stable: at most one notice per player and key. */
  readonly key: string;
  readonly pct: number;
}

/** What of a status has to be remembered. */
export type NoticedStatus = Pick<CatalystStatus, 'recordHash' | 'state' | 'pct'>;

const HALF_PCT = 50;
const NEAR_PCT = 90;

/**
 * @param before null when the player's catalyst is seen for the first time
 * @returns in the order of the steps; nothing where either status is unknown. Two thresholds crossed at once are told as the higher one
 *   alone: nobody wants to read "50 %" beside "complete".
 */
export function noticeSteps(before: NoticedStatus | null, after: NoticedStatus): CatalystNotice[] {
  if (before === null || !isKnown(before) || !isKnown(after)) return [];
  const notices: CatalystNotice[] = [];
  if (!isFound(before) && isFound(after) && after.state !== 'complete')
    notices.push(noticeOf(after, 'found'));
  const step = thresholdOf(after);
  if (step !== null && rankOf(step) > rankOf(thresholdOf(before))) notices.push(noticeOf(after, step));
  return notices;
}

/**
 * @param stalledSinceMs since when the stall holds (see pace.ts), null = it does not. A catalyst that moved and stalls again is told
 *   again: the key holds the day on which it last moved.
 */
export function stallNotice(status: NoticedStatus, stalledSinceMs: number | null): CatalystNotice | null {
  if (stalledSinceMs === null || status.state !== 'in_progress') return null;
  return noticeOf(status, 'stalled', `/${new Date(stalledSinceMs).toISOString().slice(0, 10)}`);
}

function thresholdOf({ state, pct }: NoticedStatus): NoticeStep | null {
  if (state === 'complete') return 'complete';
  if (state !== 'in_progress') return null;
  return pct >= NEAR_PCT ? 'near' : pct >= HALF_PCT ? 'half' : null;
}

function rankOf(step: NoticeStep | null): number {
  return step === null ? -1 : NOTICE_STEPS.indexOf(step);
}

function isKnown({ state }: NoticedStatus): boolean {
  return state !== 'unknown';
}

/** A record that an expansion locks or the game hides was not found either, until it is in progress or complete. */
function isFound({ state }: NoticedStatus): boolean {
  return state === 'in_progress' || state === 'complete';
}

function noticeOf({ recordHash, pct }: NoticedStatus, step: NoticeStep, suffix = ''): CatalystNotice {
  return { recordHash, step, key: `catalyst/${recordHash}/${step}${suffix}`, pct };
}
