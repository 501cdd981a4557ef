// A play as its agents worked: minutes of somebody reading would press seconds of work to nothing, so that no pause is longer than a few
// seconds in the picture. Work keeps its length and its order; what overlapped still does.

export interface Work {
  readonly startMs: number;
  readonly endMs: number;
}

export interface CondensedWork<Own extends Work> {
  readonly work: Own;
  /** Since the first began. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface CondensedPause {
  readonly fromMs: number;
  readonly toMs: number;
  /** It was longer. */
  readonly isCut: boolean;
}

export interface Condensed<Own extends Work> {
  readonly works: readonly CondensedWork<Own>[];
  readonly pauses: readonly CondensedPause[];
  readonly lengthMs: number;
}

/** @param works in any order, each with an end that is not before its start */
export function condensed<Own extends Work>(works: readonly Own[], mostPauseMs: number): Condensed<Own> {
  const sorted = [...works].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const placed: CondensedWork<Own>[] = [];
  const pauses: CondensedPause[] = [];
  let [endMs, cutMs] = [sorted[0]?.startMs ?? 0, sorted[0]?.startMs ?? 0];
  for (const work of sorted) {
    const pauseMs = work.startMs - endMs;
    if (pauseMs > 0) {
      const keptMs = Math.min(pauseMs, mostPauseMs);
      pauses.push({ fromMs: endMs - cutMs, toMs: endMs - cutMs + keptMs, isCut: keptMs < pauseMs });
      cutMs += pauseMs - keptMs;
    }
    placed.push({ work, fromMs: work.startMs - cutMs, toMs: work.endMs - cutMs });
    endMs = Math.max(endMs, work.endMs);
  }
  return { works: placed, pauses, lengthMs: endMs - cutMs };
}
