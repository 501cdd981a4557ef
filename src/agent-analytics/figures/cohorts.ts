// Players who come back, by what they began with. Weeks are those of a zone's clocks: a player who begins on a Sunday and comes back on
// Monday has come back in week 1. A week that has not begun yet says nothing of those for whom it has not, so that each week has a number
// of its own of players who could have come back.

export const COHORT_GROUPS = ['week', 'pair', 'release'] as const;
export type CohortGroup = (typeof COHORT_GROUPS)[number];

/** Players who began alike in the same week. */
export interface CohortStart {
  /** Of the group; null = not known. */
  readonly key: string | null;
  /** 0-based place among the weeks. */
  readonly week: number;
  readonly playerCount: number;
}

export interface CohortReturn {
  readonly key: string | null;
  /** Weeks since the player's own first. */
  readonly week: number;
  readonly playerCount: number;
}

export interface CohortWeek {
  readonly week: number;
  readonly playerCount: number;
  readonly returnedCount: number;
  readonly returnedRatio: number | null;
}

export interface Cohort {
  readonly key: string | null;
  readonly playerCount: number;
  readonly weeks: readonly CohortWeek[];
}

/**
 * @param keys of the cohorts, in their order @param lastWeek place of the week that it is now
 * @param mostWeeks after the first
 */
export function cohortsOf(
  keys: readonly (string | null)[],
  starts: readonly CohortStart[],
  returns: readonly CohortReturn[],
  lastWeek: number,
  mostWeeks: number,
): Cohort[] {
  return keys.map((key) => {
    const began = starts.filter((start) => start.key === key);
    const returned = returns.filter((one) => one.key === key);
    const weeks = Array.from({ length: mostWeeks + 1 }, (_, week): CohortWeek => {
      const playerCount = sum(began.filter((start) => start.week + week <= lastWeek));
      const returnedCount = sum(returned.filter((one) => one.week === week));
      const returnedRatio = playerCount === 0 ? null : returnedCount / playerCount;
      return { week, playerCount, returnedCount, returnedRatio };
    });
    return { key, playerCount: sum(began), weeks };
  });
}

function sum(rows: readonly { readonly playerCount: number }[]): number {
  return rows.reduce((total, { playerCount }) => total + playerCount, 0);
}
