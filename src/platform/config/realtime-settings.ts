import { z } from 'zod';

// Limits of WebSockets: a part of the one schema of the environment.

export interface RealtimeSettings {
  /** Sockets that one account may have open at a process. Service tokens are the operator's own. */
  readonly socketsPerUser: number;
  /** Of all together, at a process: each is a file descriptor. */
  readonly mostSockets: number;
  /** Messages that a client may send, on average and at once; gateways may say otherwise. */
  readonly messagesPerS: number;
  readonly messageBurst: number;
  /** The longest message that is taken. */
  readonly payloadBytes: number;
  /** Silence after which a client is asked for a sign of life; after 2.4 times as much it is taken for gone. */
  readonly pingAfterMs: number;
}

export const REALTIME_VARIABLES = {
  WS_SOCKETS_PER_USER: z.coerce.number().int().min(1).max(100_000).default(5),
  WS_SOCKETS: z.coerce.number().int().min(1).max(100_000).default(10_000),
  WS_MESSAGES_PER_S: z.coerce.number().min(1).max(10_000).default(20),
  WS_MESSAGE_BURST: z.coerce.number().int().min(1).max(100_000).default(40),
  WS_PAYLOAD_KB: z.coerce.number().int().min(1).max(16_384).default(64),
  WS_PING_S: z.coerce.number().min(1).max(600).default(25),
};

type Given = z.output<z.ZodObject<typeof REALTIME_VARIABLES>>;

export function realtimeSettings(given: Given): RealtimeSettings {
  return {
    socketsPerUser: given.WS_SOCKETS_PER_USER,
    mostSockets: given.WS_SOCKETS,
    messagesPerS: given.WS_MESSAGES_PER_S,
    messageBurst: given.WS_MESSAGE_BURST,
    payloadBytes: given.WS_PAYLOAD_KB * 1_024,
    pingAfterMs: given.WS_PING_S * 1_000,
  };
}
