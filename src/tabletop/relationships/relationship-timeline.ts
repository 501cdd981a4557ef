// A relation over time: each event says how it has stood since, the newest one how it stands. Before its first event there was none.

export interface Standing {
  readonly type: string;
  /** -100 (hatred) to 100 (devotion); null = nobody said. */
  readonly strength: number | null;
}

export interface StandingEvent extends Standing {
  readonly id: string;
  readonly happenedAt: Date;
}

/** Oldest first; of the same moment in the order of their ids, which is that of their making. */
export function inOrder<Event extends StandingEvent>(events: readonly Event[]): Event[] {
  return [...events].sort(
    (one, other) =>
      one.happenedAt.getTime() - other.happenedAt.getTime() ||
      (one.id < other.id ? -1 : Number(one.id > other.id)),
  );
}

/** How it stood at a moment; null = it had not begun. */
export function standingAt(events: readonly StandingEvent[], at: Date): Standing | null {
  const last = inOrder(events.filter(({ happenedAt }) => happenedAt <= at)).at(-1);
  return last === undefined ? null : { type: last.type, strength: last.strength };
}

/** How it stands after all that has been told of it; null without any event. */
export function standingNow(events: readonly StandingEvent[]): Standing | null {
  const last = inOrder(events).at(-1);
  return last === undefined ? null : { type: last.type, strength: last.strength };
}
