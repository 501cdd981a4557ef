import { z } from 'zod';

// Crafting experience in percent as DofusDB's API writes it: an item has a ratio of its own or the one of its type, and -1 where it
// has none. What an answer does not say is left as it is.

/** Largest ratio that is believed; the game's own reach 300. */
const MAX_RATIO = 100_000;

const ratio = z.int().min(-1).max(MAX_RATIO).nullish();
const itemSchema = z.object({
  id: z.int32().positive(),
  craftXpRatio: ratio,
  type: z.object({ id: z.int32().positive().optional(), craftXpRatio: ratio }).nullish(),
});

/** A file: a list of items, or a page of them. */
export const xpRatioFileSchema = z
  .union([z.array(itemSchema), z.object({ data: z.array(itemSchema) })])
  .transform((content) => (Array.isArray(content) ? content : content.data));

/** One page of DofusDB's (FeathersJS). */
export const xpRatioPageSchema = z.object({
  total: z.int().nonnegative().optional(),
  data: z.array(itemSchema).max(1_000),
});

export type RatioItem = z.infer<typeof itemSchema>;

/** By the game's own id; null where there is no ratio. */
export interface XpRatios {
  items: Map<number, number | null>;
  types: Map<number, number | null>;
}

/** What the items say of themselves and their types; of what comes twice the last counts. */
export function ratiosOf(items: readonly RatioItem[]): XpRatios {
  const ratios: XpRatios = { items: new Map(), types: new Map() };
  for (const { id, craftXpRatio, type } of items) {
    if (craftXpRatio !== undefined) ratios.items.set(id, known(craftXpRatio));
    if (type?.id !== undefined && type.craftXpRatio !== undefined)
      ratios.types.set(type.id, known(type.craftXpRatio));
  }
  return ratios;
}

const known = (value: number | null): number | null => (value === null || value < 0 ? null : value);
