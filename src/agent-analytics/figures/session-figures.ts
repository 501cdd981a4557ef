import type { StoryNames } from './story-names.js';

// Figures of a session from its traces. What the original has is kept as it means it; `wallS` and `engagedS` are what it leaves out:
// the last trace's own time, and pauses that nobody plays in.

export interface TraceFacts {
  readonly id: string;
  readonly startMs: number;
  readonly chapterNumber: number | null;
  readonly mortal: string | null;
  readonly match: string | null;
  readonly compatibility: number | null;
  readonly playerId: string | null;
  readonly release: string | null;
  /** Seconds; null = not known. */
  readonly latencyS: number | null;
  readonly costUsd: number;
  readonly totalTokens: number;
  readonly isError: boolean;
  /** The agent that ends stories ran in it. */
  readonly hasEnd: boolean;
}

export interface SessionFigures {
  readonly traceCount: number;
  readonly costUsd: number;
  readonly totalTokens: number;
  /** Of the traces whose latency is known, and how many those are. */
  readonly latencySumS: number;
  readonly latencyCount: number;
  readonly mortal: string | null;
  readonly match: string | null;
  /** Said last. */
  readonly compatibility: number | null;
  readonly playerId: string | null;
  readonly release: string | null;
  /** -1 = none. */
  readonly maxChapter: number;
  readonly hasEnd: boolean;
  /** As the original: evaluation has begun, or the end was told. */
  readonly isComplete: boolean;
  readonly errorCount: number;
  readonly first: TraceFacts | null;
  readonly last: TraceFacts | null;
  /** End of whatever ended last; Unix milliseconds. */
  readonly endedMs: number | null;
  /** From the start of the first trace to the start of the last; null = no traces. */
  readonly durationS: number | null;
  /** From the start of the first trace to the end of the last. */
  readonly wallS: number | null;
  /** The same, where a pause counts for at most `LONGEST_PAUSE_S`. */
  readonly engagedS: number | null;
}

/** Who has not answered for so long is away from the game, not thinking. */
export const LONGEST_PAUSE_S = 300;
/** Of the year 9999, the last that databases and ISO share; a step may be said to end then, or to take as long. */
const LAST_MS = 253_402_300_799_999;

export function sessionFigures(
  traces: readonly TraceFacts[],
  { completeFromChapter }: Pick<StoryNames, 'completeFromChapter'>,
): SessionFigures {
  const sorted = [...traces].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  const [first, last] = [sorted[0] ?? null, sorted.at(-1) ?? null];
  const timed = sorted.filter(({ latencyS }) => latencyS !== null);
  const maxChapter = sorted.reduce((most, { chapterNumber }) => Math.max(most, chapterNumber ?? -1), -1);
  const hasEnd = sorted.some((trace) => trace.hasEnd);
  const latest = <K extends 'mortal' | 'match' | 'playerId' | 'release'>(key: K): string | null =>
    sorted.findLast((trace) => trace[key] !== null)?.[key] ?? null;
  const times = timesOf(sorted);
  return {
    traceCount: sorted.length,
    costUsd: sum(sorted, ({ costUsd }) => costUsd),
    totalTokens: sum(sorted, ({ totalTokens }) => totalTokens),
    latencySumS: sum(timed, ({ latencyS }) => latencyS ?? 0),
    latencyCount: timed.length,
    mortal: latest('mortal'),
    match: latest('match'),
    compatibility: sorted.findLast((trace) => trace.compatibility !== null)?.compatibility ?? null,
    playerId: latest('playerId'),
    release: latest('release'),
    maxChapter,
    hasEnd,
    isComplete: maxChapter >= completeFromChapter || hasEnd,
    errorCount: sorted.filter(({ isError }) => isError).length,
    first,
    last,
    ...times,
    durationS: first === null || last === null ? null : (last.startMs - first.startMs) / 1_000,
  };
}

/** @param sorted by start */
function timesOf(sorted: readonly TraceFacts[]): Pick<SessionFigures, 'endedMs' | 'wallS' | 'engagedS'> {
  const [first] = sorted;
  if (first === undefined) return { endedMs: null, wallS: null, engagedS: null };
  let endedMs = first.startMs;
  let engagedMs = 0;
  for (const trace of sorted) {
    const endMs = Math.min(LAST_MS, trace.startMs + Math.max(0, trace.latencyS ?? 0) * 1_000);
    if (trace.startMs > endedMs) {
      engagedMs += Math.min(trace.startMs - endedMs, LONGEST_PAUSE_S * 1_000);
      endedMs = trace.startMs;
    }
    if (endMs > endedMs) {
      engagedMs += endMs - endedMs;
      endedMs = endMs;
    }
  }
  return { endedMs, wallS: (endedMs - first.startMs) / 1_000, engagedS: engagedMs / 1_000 };
}

function sum(traces: readonly TraceFacts[], figure: (trace: TraceFacts) => number): number {
  return traces.reduce((total, trace) => total + figure(trace), 0);
}
