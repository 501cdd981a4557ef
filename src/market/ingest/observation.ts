import { z } from 'zod';

// What may enter the market. The same rules serve both doors: the native API judges each element by itself, the compat API
// refuses the whole batch for one bad element, as the original did.

/** Kamas (or the game's own coin) for ONE unit. No listing of any known game comes near the upper bound. */
export const MAX_UNIT_PRICE = 1e12;
export const MAX_BATCH = 5_000;
export const EARLIEST_MS = Date.UTC(2010, 0, 1);
/** Clocks of clients may be ahead by so much. */
export const MAX_AHEAD_MS = 5 * 60_000;
export const MAX_INT4 = 2_147_483_647;

/** One observed price, ready to be stored. */
export interface Observation {
  /** The game's own id of the item, or null when only its name is known. */
  externalId: number | null;
  /** Name as the game shows it. */
  name: string | null;
  category: string | null;
  /** Price of one unit in the game's coin. */
  price: number;
  /** Number of listings seen, not a traded quantity. */
  lots: number;
  /** Unix time in milliseconds. */
  capturedAtMs: number;
  source: string;
  sourceVersion: string;
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; both come from broken clients only. */
export const storableText = (maximum: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(maximum)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not hold NUL or lone surrogates')
    .refine((text) => text.trim() !== '', 'must not be blank');

export const externalIdSchema = z.number().int().min(1).max(MAX_INT4);
export const MAX_LOTS = 1_000_000;
export const lotsSchema = z.number().int().min(1).max(MAX_LOTS);

/** An instant as ISO 8601 with `Z` or an offset, inside the accepted span, as Unix milliseconds. */
export function capturedAtSchema(nowMs: () => number, format: z.ZodType<string>) {
  return format.transform((text, context) => {
    const atMs = Date.parse(text);
    if (!(atMs >= EARLIEST_MS))
      context.addIssue({ code: 'custom', message: 'must not be before 2010-01-01' });
    else if (atMs > nowMs() + MAX_AHEAD_MS)
      context.addIssue({ code: 'custom', message: 'must not be in the future' });
    return atMs;
  });
}

/** One element of the native batch. Unknown keys are refused. */
export function nativeObservationSchema(nowMs: () => number) {
  return z
    .strictObject({
      externalId: externalIdSchema.optional().describe("The game's own id of the item"),
      name: storableText(255)
        .optional()
        .describe('Name of the item; needed when externalId is absent or not known yet'),
      category: storableText(255).optional().describe('Category of an item that is not known yet'),
      unitPrice: z.number().positive().max(MAX_UNIT_PRICE).describe("Price of one unit in the game's coin"),
      lots: lotsSchema.optional().describe('Number of listings seen (default 1); not a traded quantity'),
      capturedAt: capturedAtSchema(nowMs, z.iso.datetime({ offset: true })).describe(
        'When it was seen, ISO 8601',
      ),
      source: storableText(255).optional().describe('Name of the client (default api)'),
      sourceVersion: storableText(50).optional().describe('Version of the client'),
    })
    .refine((element) => element.externalId !== undefined || element.name !== undefined, {
      message: 'needs externalId or name',
      path: ['externalId'],
    })
    .transform((element): Observation => ({
      externalId: element.externalId ?? null,
      name: element.name?.trim() ?? null,
      category: element.category?.trim() ?? null,
      price: element.unitPrice,
      lots: element.lots ?? 1,
      capturedAtMs: element.capturedAt,
      source: element.source ?? 'api',
      sourceVersion: element.sourceVersion ?? '',
    }));
}
