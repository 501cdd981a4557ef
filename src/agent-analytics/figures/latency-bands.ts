// Bands of how long a player waits for a turn, in seconds: lower bounds, the last one open.

export const LATENCY_BANDS_S = [0, 5, 10, 20, 40, 80] as const;

export interface Band {
  /** Inclusive. */
  readonly fromS: number;
  /** Exclusive; null = no end. */
  readonly toS: number | null;
}

export function latencyBands(): Band[] {
  return LATENCY_BANDS_S.map((fromS, index) => ({ fromS, toS: LATENCY_BANDS_S[index + 1] ?? null }));
}
