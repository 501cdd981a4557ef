/** Raised whenever the rules make other curves of the same runs and goals: what was made by older ones is made anew. */
export const CURVE_RULES_VERSION = 1;

/** Recorded seconds beyond which a run is nobody to race against: its curve would hold the process up. */
export const LONGEST_GHOST_S = 200_000;
