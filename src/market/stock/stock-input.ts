import { z } from 'zod';
import { EARLIEST_MS, MAX_AHEAD_MS, MAX_INT4 } from '../ingest/observation.js';

/** A bank has some thousand places; a body holds some twenty thousand lines. */
export const MAX_LINES = 20_000;

const externalId = z.number().int().min(1).max(MAX_INT4).describe("The game's own id");

function capturedAt(nowMs: () => number) {
  return z.iso
    .datetime({ offset: true })
    .transform((text, context) => {
      const atMs = Date.parse(text);
      if (!(atMs >= EARLIEST_MS && atMs <= nowMs() + MAX_AHEAD_MS))
        context.addIssue({ code: 'custom', message: 'must lie between 2010 and now' });
      return atMs;
    })
    .optional()
    .describe('When it was seen, ISO 8601 (now)');
}

/** All that lies in a place. */
export function stockSchema(nowMs: () => number) {
  return z.strictObject({
    items: z
      .array(
        z.strictObject({
          externalId,
          quantity: z.number().int().min(1).max(MAX_INT4).describe('1 to 2,147,483,647'),
        }),
      )
      .max(MAX_LINES)
      .describe('Lines of the same id are summed; none empties the stock'),
    capturedAt: capturedAt(nowMs),
  });
}

/** What was put in and taken out. */
export function stockDeltaSchema(nowMs: () => number) {
  return z.strictObject({
    items: z
      .array(
        z.strictObject({
          externalId,
          delta: z.number().int().min(-MAX_INT4).max(MAX_INT4).describe('Above 0 put in, below 0 taken out'),
        }),
      )
      .min(1)
      .max(MAX_LINES)
      .describe('Lines of the same id are summed'),
    capturedAt: capturedAt(nowMs),
  });
}
