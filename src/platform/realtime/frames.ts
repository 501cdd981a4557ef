import { z } from 'zod';
import type { Permission } from '../auth/principal.js';

// What goes over a gateway's sockets, declared once in `x.frames.ts`: the gateway's types, the checks of what clients send,
// docs/asyncapi.yaml and the tests' client all follow from it. A frame is a JSON object `{event, data, id?}` both ways.

/** Letters, digits, dashes and dots; names of the platform's own frames are taken. */
const EVENT = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
/** The platform's own, at every gateway. */
export const PLATFORM_EVENTS: ReadonlySet<string> = new Set([
  'ping',
  'pong',
  'authenticate',
  'authenticated',
  'welcome',
  'done',
  'error',
  'bye',
  'presence',
]);
/** Of a client: comes back with the answer. */
export const MOST_ID_CHARACTERS = 64;

/** What a client sends. */
export interface ReceivedFrame<Event extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly event: Event;
  /** One sentence, and its units. */
  readonly description: string;
  readonly data: Schema;
  /** The event that answers it, where that is not `done`. */
  readonly answer?: string;
  /**
   * Reads what is right by hand, for frames that come thousands of times a second; undefined = ask the schema, which says what is
   * wrong. It takes nothing that the schema does not take (a property test).
   */
  readonly read?: (data: unknown) => z.output<Schema> | undefined;
  /**
   * Done once per `id`, however often it comes: a repetition gets the first answer. For what is not safe to do twice and
   * cannot tell by its data.
   */
  readonly isOnce?: boolean;
}

/** What the server sends. */
export interface SentFrame<Event extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly event: Event;
  readonly description: string;
  readonly data: Schema;
}

/** Options of a frame that a client sends. */
type ReceivedOptions<Schema extends z.ZodType> = Pick<
  ReceivedFrame<string, Schema>,
  'answer' | 'read' | 'isOnce'
>;

export function received<Event extends string, Schema extends z.ZodType>(
  event: Event,
  description: string,
  data: Schema,
  options: ReceivedOptions<Schema> = {},
): ReceivedFrame<Event, Schema> {
  return { event, description, data, ...options };
}

export function sent<Event extends string, Schema extends z.ZodType>(
  event: Event,
  description: string,
  data: Schema,
): SentFrame<Event, Schema> {
  return { event, description, data };
}

/** What a handler is given: `FrameData<typeof WATCH>`. */
export type FrameData<Frame extends { readonly data: z.ZodType }> = z.output<Frame['data']>;

/** What one gateway speaks. */
export interface Frames {
  /** `/ws/<name>` */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** Whoever opens a socket needs it; what a frame needs beyond is its service's matter. */
  readonly permission: Permission;
  readonly receives: readonly ReceivedFrame[];
  readonly sends: readonly SentFrame[];
  /** Messages per second on average, and at once, where they differ from the settings. */
  readonly messagesPerS?: number;
  readonly messageBurst?: number;
  /** Unions over the two lists. */
  readonly received: z.ZodType;
  readonly sent: z.ZodType;
}

/** @throws Error for a declaration that cannot be meant */
export function defineFrames(given: Omit<Frames, 'received' | 'sent'>): Frames {
  if (!/^\/ws\/[a-z][a-z0-9-]*$/.test(given.path)) throw new Error(`${given.path} is not /ws/<name>`);
  for (const list of [given.receives, given.sends]) {
    const events = list.map(({ event }) => event);
    const odd = events.find((event) => !EVENT.test(event) || PLATFORM_EVENTS.has(event));
    if (odd !== undefined) throw new Error(`${given.path} cannot have a frame ${odd}`);
    if (new Set(events).size < events.length) throw new Error(`${given.path} has two frames of one name`);
  }
  const sends = new Set(given.sends.map(({ event }) => event));
  const lost = given.receives.find(({ answer }) => answer !== undefined && !sends.has(answer));
  if (lost) throw new Error(`${given.path} answers ${lost.event} by a frame that it does not declare`);
  return Object.freeze({ ...given, received: union(given.receives), sent: union(given.sends) });
}

const id = z.string().min(1).max(MOST_ID_CHARACTERS);

function union(frames: readonly { event: string; data: z.ZodType }[]): z.ZodType {
  const members = frames.map(({ event, data }) =>
    z.strictObject({ event: z.literal(event), data, id: id.optional() }),
  );
  const [first, ...rest] = members;
  return first === undefined ? z.never() : z.discriminatedUnion('event', [first, ...rest]);
}
