/** {@link PlayerReads}: what the tools of the agent read from. */
export const PLAYER_READS = Symbol('PlayerReads');
