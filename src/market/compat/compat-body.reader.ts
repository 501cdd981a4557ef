import { z } from 'zod';
import { MAX_UNIT_PRICE, storableText } from '../ingest/observation.js';
import { invalidBody } from './compat.errors.js';
import { capturedAt } from './compat-observation.js';

// Bodies of the original's single writes. Unknown keys are passed over, as there.

const price = z.number().nonnegative().max(MAX_UNIT_PRICE);
const observationId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const name = storableText(255);

export const itemChangeSchema = z.object({
  old_item_name: name,
  new_item_name: name.transform((text) => text.trim()),
  server: z.string().min(1).max(255),
  /** Empty for none; a name nobody has used yet makes a category. */
  category: z
    .string()
    .max(255)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not hold NUL or lone surrogates')
    .optional(),
});

export const observationSchema = (nowMs: () => number) =>
  z.object({
    item_name: name.transform((text) => text.trim()),
    server: name.transform((text) => text.trim()),
    captured_at: capturedAt(nowMs),
    price_unit_avg: price,
  });
export const observationPriceSchema = z.object({ id: observationId, price_unit_avg: price });
export const observationIdSchema = z.object({ id: observationId });

export const knownItemSchema = z.object({
  gid: z.number().int().positive().max(2_147_483_647),
  name: name.transform((text) => text.trim()),
  category: name.transform((text) => text.trim()).optional(),
});

/** @throws CompatError with what is wrong, by key */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { formErrors, fieldErrors } = z.flattenError(parsed.error);
  throw invalidBody({ formErrors, fieldErrors: fieldErrors as Record<string, string[]> });
}
