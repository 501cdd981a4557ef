import { z } from 'zod';

// Frames that every gateway has, whatever else it speaks.

const instant = z.iso.datetime();

export const PING = {
  event: 'ping',
  description: 'Asks for the clock of the server, and whether it is there.',
  data: z.strictObject({
    c: z.number().optional().describe('Clock of the client in milliseconds; comes back.'),
  }),
} as const;

export const AUTHENTICATE = {
  event: 'authenticate',
  description:
    'Brings another ticket or access token of the same account, so that the socket outlives the one that opened it.',
  data: z.union([
    z.strictObject({ ticket: z.string().min(16).max(128) }),
    z.strictObject({ token: z.string().min(1).max(4_096) }),
  ]),
} as const;

/** What clients may send everywhere. */
export const PLATFORM_RECEIVES = [PING, AUTHENTICATE] as const;

/** What every gateway sends. */
export const PLATFORM_SENDS = [
  {
    event: 'welcome',
    description: 'The first frame of every socket.',
    data: z.strictObject({
      session: z.string().describe('Of this connection, for logs of both sides.'),
      serverMs: z.int().describe('Clock of the server, Unix time in milliseconds.'),
      expiresAt: instant
        .nullable()
        .describe('When the token ends, and with it the socket unless another one is brought.'),
      heartbeatMs: z
        .int()
        .describe('Silence after which the server pings; after 2.4 times as much the client is gone.'),
      limits: z.strictObject({
        payloadBytes: z.int().describe('The longest message; a longer one closes the socket with 1009.'),
        messagesPerS: z.number().describe('Messages on average; more close the socket with 4429.'),
        messageBurst: z.int().describe('Messages at once.'),
      }),
    }),
  },
  {
    event: 'pong',
    description: 'Answers `ping`.',
    data: z.strictObject({
      c: z.number().optional(),
      s: z.int().describe('Clock of the server, Unix time in milliseconds.'),
    }),
  },
  {
    event: 'authenticated',
    description: 'Answers `authenticate`.',
    data: z.strictObject({ expiresAt: instant.nullable() }),
  },
  {
    event: 'done',
    description: 'Answers a frame with an id that has no other answer.',
    data: z.strictObject({}),
  },
  {
    event: 'error',
    description:
      'Why a frame was not followed, as RFC 9457 problem details; `id` is that of the frame. The socket stays open unless a close follows.',
    data: z.strictObject({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      code: z.string(),
      errors: z
        .array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))
        .optional(),
      retryAfterS: z.number().optional(),
    }),
  },
  {
    event: 'bye',
    description: 'The server is about to close the socket; come back after `retryMs`.',
    data: z.strictObject({ code: z.int().describe('Of the close that follows.'), retryMs: z.int() }),
  },
  {
    event: 'presence',
    description: 'How many sockets are in a room, over all processes; where a gateway tells it.',
    data: z.strictObject({ room: z.string(), viewers: z.int() }),
  },
] as const;
