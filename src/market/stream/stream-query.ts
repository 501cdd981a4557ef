import { z } from 'zod';

export const STREAM_EVENTS = ['price', 'alert'] as const;
export type StreamEventName = (typeof STREAM_EVENTS)[number];

const MAX_ITEMS = 500;
const MAX_INT4 = 2_147_483_647;

export const streamQuerySchema = z.strictObject({
  /** Undefined = all items of the server. */
  items: z
    .string()
    .regex(/^\d{1,10}(,\d{1,10})*$/, 'takes ids separated by commas')
    .transform((text) => [...new Set(text.split(',').map(Number))].sort((a, b) => a - b))
    .refine((ids) => ids.length <= MAX_ITEMS, `takes at most ${MAX_ITEMS} ids`)
    .refine((ids) => ids.every((id) => id <= MAX_INT4), 'holds an id that is too large')
    .optional(),
  events: z
    .string()
    .regex(/^(?:price|alert)(?:,(?:price|alert))*$/, 'takes price, alert or both, separated by a comma')
    .default('price')
    .transform((text): ReadonlySet<StreamEventName> => new Set(text.split(',') as StreamEventName[])),
});
export type StreamQuery = z.output<typeof streamQuerySchema>;

/** Where a client is: the version of the prices it has, and the number of the last notification of its account. */
export interface StreamPlace {
  readonly version: number;
  readonly seq: number | undefined;
}

/** What a client sends as Last-Event-ID; undefined for what we have never sent. */
export function readPlace(lastEventId: string | undefined): StreamPlace | undefined {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(lastEventId ?? '');
  if (!found) return undefined;
  return { version: Number(found[1]), seq: found[2] === undefined ? undefined : Number(found[2]) };
}

export function placeText({ version, seq }: StreamPlace): string {
  return seq === undefined ? String(version) : `${version}-${seq}`;
}
