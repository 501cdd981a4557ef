// Whoever buys much of a thing pays more and more for it. The original's model: the n-th piece of an item costs its price times
// 1 + alpha * n / threshold. Its presets, and how far each of their figures may be set by hand.

export interface Scarcity {
  /** Rise of the price after `threshold` pieces, as a share of it; 0 = prices do not rise, and no other figure but `minBatch` counts. */
  alpha: number;
  /** In pieces of one item. */
  threshold: number;
  /** Crafts of a recipe that is taken up, where there is use for them. */
  minBatch: number;
  /** Recipes that need an item of which so many pieces have been used are left. */
  maxUse: number;
}

export const SCARCITY_PRESETS = ['none', 'low', 'medium', 'high'] as const;
export type ScarcityPreset = (typeof SCARCITY_PRESETS)[number];

export const SCARCITY: Readonly<Record<ScarcityPreset, Readonly<Scarcity>>> = Object.freeze({
  none: { alpha: 0, threshold: Infinity, minBatch: 1, maxUse: Infinity },
  low: { alpha: 0.3, threshold: 3_000, minBatch: 100, maxUse: 8_000 },
  medium: { alpha: 0.5, threshold: 2_000, minBatch: 75, maxUse: 5_000 },
  high: { alpha: 0.8, threshold: 1_200, minBatch: 50, maxUse: 3_000 },
});

/** What `quantity` pieces cost on top of `used` ones: the price at the middle of the way, since it rises evenly. */
export function costOfPieces(price: number, quantity: number, used: number, scarcity: Scarcity): number {
  return price * quantity * (1 + (scarcity.alpha * (used + quantity / 2)) / scarcity.threshold);
}
