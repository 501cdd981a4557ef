import type { BungieFault } from './bungie-faults.js';

// What the stand-in was asked, for tests that count and for benchmarks that measure. Tokens, codes and states are never in it.

export interface JournalEntry {
  /** By the sandbox's clock. */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** In whose name; null = nobody's, or the token was no good. */
  readonly player: string | null;
  readonly hasBearer: boolean;
  readonly hasKey: boolean;
  /** 0 where the connection was cut or nothing came. */
  readonly status: number;
  /** Of the envelope; null where the answer has none. */
  readonly errorCode: number | null;
  /** Refused by the rate rule. */
  readonly isOver: boolean;
  /** That was played; null = it was answered as it should be. */
  readonly fault: BungieFault | null;
}

const SECRET = new Set(['state', 'code', 'code_challenge', 'client_secret']);

export function journalQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].map(([name, value]) => [name, SECRET.has(name) ? '***' : value]));
}
