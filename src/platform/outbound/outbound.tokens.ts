import type { Resolve } from './guarded-connector.js';

export const OUTBOUND_WORLD = Symbol('OutboundWorld');

/** What calls out depend on besides the network; tests bring their own. */
export interface OutboundWorld {
  /** Tests only: what users give may be http and private. Production refuses to start with it. */
  readonly isPrivateAllowed: boolean;
  /** Sent where a request names none. */
  readonly userAgent: string;
  /** From 0 to below 1. */
  random(): number;
  /** Unix milliseconds. */
  nowMs(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** How names given by users are looked up; the system's way unless said otherwise. */
  readonly resolve?: Resolve;
  readonly log: OutboundLog;
}

/** Where this room says what an operator must know. */
export interface OutboundLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}
