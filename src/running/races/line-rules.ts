// What holds at start and finish lines, live and in the official result alike.

/** Whoever begins to record about the line sets off from it, give or take this (standard deviation). */
export const BEGAN_HERE_M = 12;
/** Whoever ends the run so near to the line was over it; receivers and smoothing are off by that much. */
export const AT_LINE_M = 15;
/** Slower than this share of the ghost's speed, somebody about the line has not set off yet (as ghosts/moving-path.ts has it). */
export const STROLLING_PACE = 0.4;
