/** Tables of running. */
export const RUNNING_ENTITIES = [] as const;
