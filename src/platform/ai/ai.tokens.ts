export const AI_WORLD = Symbol('AiWorld');

/** What this room depends on besides the network; tests bring their own. */
export interface AiWorld {
  /** Monotonic milliseconds. */
  elapsedMs(): number;
  newId(): string;
}
