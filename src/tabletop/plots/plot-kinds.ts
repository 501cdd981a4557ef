import { PLOT_STATUSES, type PlotStatus } from './plot-dependencies.js';

export const BEAT_KINDS = ['milestone', 'hook'] as const;
export type BeatKind = (typeof BEAT_KINDS)[number];

/** A milestone may be the party's; a hook is the masters' own for ever. */
export const BEAT_VISIBILITIES = ['gm', 'party'] as const;
export type BeatVisibility = (typeof BEAT_VISIBILITIES)[number];

/** What is special to a plot. Everybody who sees it sees all of it; what they may not know is a secret, a milestone or a hook. */
export interface PlotDetails {
  readonly status: PlotStatus;
  /** 0 to 100. */
  readonly progressPct: number;
}

/** Details as they are stored, whoever stored them: what is missing is not said. */
export function plotDetailsOf(details: object): PlotDetails {
  const stored = details as Partial<PlotDetails>;
  return {
    status: PLOT_STATUSES.find((status) => status === stored.status) ?? 'planned',
    progressPct: stored.progressPct ?? 0,
  };
}
