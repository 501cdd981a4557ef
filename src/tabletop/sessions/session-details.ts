/** What happened in one place or turn of a session. */
export interface SessionScene {
  readonly title: string;
  readonly text: string;
}

/** What is special to a session. Everybody who sees it sees all of it; what they may not know is a secret. */
export interface SessionDetails {
  /** 1 = the first one; no two of a campaign have the same. */
  readonly number: number;
  /** Day on which the group met, YYYY-MM-DD; null = not yet, or nobody said. */
  readonly heldOn: string | null;
  /** Days of the campaign's calendar on which it began and ended; null = nobody said. */
  readonly day: number | null;
  readonly endDay: number | null;
  readonly scenes: readonly SessionScene[];
}

/** Details as they are stored, whoever stored them: what is missing is not said. */
export function sessionDetailsOf(details: object): SessionDetails {
  const stored = details as Partial<SessionDetails>;
  return {
    number: stored.number ?? 0,
    heldOn: stored.heldOn ?? null,
    day: stored.day ?? null,
    endDay: stored.endDay ?? null,
    scenes: stored.scenes ?? [],
  };
}
