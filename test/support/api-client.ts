import { INGEST_TOKEN, READ_TOKEN } from './server-process.js';

/** A whole answer. `json` is undefined where the body is not JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
  ms: number;
}

export interface Call {
  token?: string | null;
  headers?: Record<string, string>;
  /** An object is sent as JSON, text and bytes as they are. */
  body?: unknown;
  signal?: AbortSignal;
}

export const OBSERVATIONS_PATH = '/api/v1/market/games/dofus/servers/draconiros/observations';

/** A stream of events has no end: of it the head is read. */
const ENDLESS = /\/stream(?:\?|$)/;

/** Calls a server under test: the read token for GET and the ingest token for the rest, unless said otherwise. */
export async function call(base: string, method: string, path: string, options: Call = {}): Promise<Answer> {
  const { token = method === 'GET' || method === 'HEAD' ? READ_TOKEN : INGEST_TOKEN, body } = options;
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const startedMs = performance.now();
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    ...(options.signal ? { signal: options.signal } : {}),
    redirect: 'manual',
  });
  const isEndless = ENDLESS.test(path) && response.status === 200;
  const text = isEndless ? '' : await response.text();
  if (isEndless) await response.body?.cancel();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: parse(text),
    ms: performance.now() - startedMs,
  };
}

export const get = (base: string, path: string, options?: Call): Promise<Answer> =>
  call(base, 'GET', path, options);

export const post = (base: string, path: string, body: unknown, options?: Call): Promise<Answer> =>
  call(base, 'POST', path, { ...options, body });

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
