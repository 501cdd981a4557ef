import { z } from 'zod';
import { serverKey } from '../catalog/server-key.js';
import {
  EARLIEST_MS,
  externalIdSchema,
  MAX_AHEAD_MS,
  MAX_INT4,
  MAX_UNIT_PRICE,
  type Observation,
  storableText,
} from '../ingest/observation.js';
import { parseInstantMs } from './compat-instant.js';

// The original's contract of POST /api/ingest: unknown keys are passed over, and one bad element refuses the whole batch.
// It takes what that took, except what cannot be a real price (a date in the future or before 2010, a price above 10^12) or
// cannot be stored (NUL, half a surrogate pair, a blank name). `category: null` is taken besides: the packet reader sends it
// for items whose category it does not know, and the original threw such a batch away.

/** Faults that are told; a batch of 5,000 wrong elements need not be answered with 5,000 lines. */
const MAX_FAULTS = 100;

export interface CompatElement {
  /** Display name of the server. */
  server: string;
  observation: Observation;
}

/** What is wrong with a batch, as zod flattens it: by key, and for an array by the index of the element. */
export interface BatchFaults {
  formErrors: string[];
  fieldErrors: Record<string, string[]>;
}

/** A text that may be empty. */
const note = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not hold NUL or lone surrogates');

const trimmed = (maximum: number) => storableText(maximum).transform((text) => text.trim());

/** An ISO instant in `Z` as Unix milliseconds, with its microseconds as the fraction. */
export function capturedAt(nowMs: () => number) {
  return z.iso.datetime().transform((text, context) => {
    const atMs = parseInstantMs(text);
    if (!(atMs >= EARLIEST_MS))
      context.addIssue({ code: 'custom', message: 'must not be before 2010-01-01' });
    else if (atMs > nowMs() + MAX_AHEAD_MS)
      context.addIssue({ code: 'custom', message: 'must not be in the future' });
    return atMs;
  });
}

/** One element of a batch. */
export function compatElementSchema(nowMs: () => number) {
  return z
    .object({
      item_name: trimmed(255).describe('Name of the item as the game shows it'),
      ankama_id: externalIdSchema.optional().describe("The game's own id of the item"),
      server: trimmed(255)
        .refine((name) => serverKey(name) !== '', 'must hold a letter or a digit')
        .describe('Display name of the server; one that is not known yet is added'),
      captured_at: capturedAt(nowMs).describe(
        'When it was seen, ISO 8601 in UTC with `Z`; microseconds are kept',
      ),
      price_unit_avg: z.number().nonnegative().max(MAX_UNIT_PRICE).describe('Kamas for ONE unit'),
      nb_lots: z
        .number()
        .int()
        .min(1)
        .max(MAX_INT4)
        .describe('How many of the four lot prices were above 0; not a traded quantity'),
      source_client: storableText(255).describe('Name of the client'),
      client_version: note(50).optional().describe('Version of the client'),
      raw_item_name: z.string().max(255).optional().describe('Taken and not kept'),
      category: note(255).nullish().describe('Category of an item that is not known yet'),
    })
    .transform((element): CompatElement => ({
      server: element.server,
      observation: {
        externalId: element.ankama_id ?? null,
        name: element.item_name,
        category: element.category?.trim() || null,
        price: element.price_unit_avg,
        lots: element.nb_lots,
        capturedAtMs: element.captured_at,
        source: element.source_client,
        sourceVersion: element.client_version ?? '',
      },
    }));
}

export type CompatElementSchema = ReturnType<typeof compatElementSchema>;

/** The elements of a body (one object or an array), or what is wrong with it. */
export function readBatch(
  schema: CompatElementSchema,
  body: unknown,
): { elements: CompatElement[] } | { faults: BatchFaults } {
  const parsed = Array.isArray(body)
    ? z.array(schema).nonempty().safeParse(body)
    : schema.transform((element) => [element]).safeParse(body);
  if (parsed.success) return { elements: parsed.data };
  const told = new z.ZodError(parsed.error.issues.slice(0, MAX_FAULTS));
  const { formErrors, fieldErrors } = z.flattenError(told, describeIssue);
  return { faults: { formErrors, fieldErrors } };
}

/** Under the index of an element the message alone would not say which of its fields is meant. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.slice(1).join('.');
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}
