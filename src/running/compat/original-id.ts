/** iOS writes UUIDs in capitals; ours are written small, and any other spelling is an unknown id. A pipe for parameters of paths. */
export const ORIGINAL_ID = { transform: (id: string): string => id.toLowerCase() };
