/** Tables of Destiny. */
export const DESTINY_ENTITIES = [] as const;
