import type { Choice } from './choices.js';
import type { Turn } from './transcript.js';

// What is kept of turns for figures: each with what came of it, and without anything that a player wrote.

export interface TurnFacts {
  readonly ordinal: number;
  readonly startedMs: number;
  readonly chapter: string | null;
  readonly latencyMs: number;
  /** From the last answer to the next act; null = the player never came back. */
  readonly restMs: number | null;
  readonly offered: readonly Choice[];
  /** Which of those the next act took; null where it took none of them. */
  readonly pickedKey: string | null;
  readonly costUsd: number;
  readonly totalTokens: number;
}

/** @param turns of one session, in their order */
export function turnFacts(turns: readonly Turn[]): TurnFacts[] {
  return turns.map((turn, index) => {
    const { ordinal, startedMs, chapter, latencyMs, offered, costUsd, totalTokens } = turn;
    const next = turns[index + 1];
    const key = next?.picked?.key ?? null;
    return {
      ordinal,
      startedMs,
      chapter,
      latencyMs,
      restMs: next === undefined ? null : next.startedMs - startedMs - latencyMs,
      offered,
      pickedKey: offered.some((choice) => choice.key === key) ? key : null,
      costUsd,
      totalTokens,
    };
  });
}
