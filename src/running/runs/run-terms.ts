// Words that rows, answers and rules of runs share.

/** Where a run came from. What another provider gave (`strava`) is its owner's alone, by that provider's terms: a CHECK of the table says so. */
export const RUN_SOURCES = ['app', 'imported', 'strava'] as const;
export type RunSource = (typeof RUN_SOURCES)[number];

/** Sources whose runs may be shown to others; every query that reads across owners names them. */
export const NATIVE_SOURCES = ['app', 'imported'] as const satisfies readonly RunSource[];

export const RUN_STATUSES = ['recording', 'finished'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const VISIBILITIES = ['public', 'friends', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Of a runner who has not said otherwise. */
export const USUAL_VISIBILITY: Visibility = 'private';

/**
 * Who may see a run.
 * @param privacy the runner's choice for this run; null = none
 * @param inherited that of the profile
 */
export function visibilityOf(
  source: RunSource,
  privacy: Visibility | null,
  inherited: Visibility,
): Visibility {
  return source === 'strava' ? 'private' : (privacy ?? inherited);
}

/** So long a client may stay away before it has to read everything anew. */
export const TOMBSTONE_DAYS = 30;

/** Nothing has come of a recording for so long: it is said to be suspended, and goes on when something comes. */
export const SUSPENDED_AFTER_MS = 30 * 60_000;

export const RUN_EVENT_KINDS = ['pause', 'resume', 'lap'] as const;
export type RunEventKind = (typeof RUN_EVENT_KINDS)[number];

/** Something that was put right, and why: shown to the runner with what stood there before. */
export interface TrackCorrection {
  readonly kind: string;
  /** Where it begins and ends, in milliseconds since the run's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many points it touched. */
  readonly pointCount: number;
  /** In a sentence. */
  readonly reason: string;
  /** What it did, in the correction's own figures (units last in their names). */
  readonly before?: Readonly<Record<string, number>>;
  readonly after?: Readonly<Record<string, number>>;
}
