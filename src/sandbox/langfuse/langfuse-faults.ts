import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { writeHuge } from '../loopback-server.js';

// How Langfuse, and what stands in front of it, fails. A fault is asked for by route, for so many calls and, where that is the point, only
// for calls that ask for much; then the stand-in is well again.

export const LANGFUSE_ROUTES = [
  'health',
  'sessions',
  'session',
  'traces',
  'trace',
  'observations',
  'v2-observations',
  'v2-metrics',
  'v3-scores',
] as const;
export type LangfuseRoute = (typeof LANGFUSE_ROUTES)[number];

export const LANGFUSE_FAULTS = [
  'rate-limit', // 429 with Retry-After
  'rate-limit-bare', // and without
  'too-heavy', // 422, the time limit of its database
  'request-timeout', // 408
  'error', // 500
  'unavailable', // 503 with an HTML page
  'cloudflare', // 524 with an HTML page
  'unauthorized', // 401
  'forbidden', // 403
  'gone', // 404, as a server of another generation answers
  'html', // 200 with a page
  'half-body', // the connection is cut in the middle of the answer
  'bad-json', // JSON that ends too early, with the right length
  'wrong-json', // JSON of another shape
  'huge', // 200 without an end
  'reset', // the connection is cut before the answer
  'hang', // no answer
  'slow', // the right answer, late
  'repeated-cursor', // the right rows, and the cursor that the caller has brought (or one that leads nowhere new)
  'endless-pages', // the right rows, then the first page again and again; the totals promise more and more
  'strange-fields', // the right rows with keys that nobody knows, and every optional one missing or null
] as const;
export type LangfuseFault = (typeof LANGFUSE_FAULTS)[number];

export const FAULT_SCHEMA = z.object({
  route: z.enum([...LANGFUSE_ROUTES, 'any']),
  kind: z.enum(LANGFUSE_FAULTS),
  /** Calls of the route that go well before. */
  after: z.number().int().min(0).max(1_000_000).default(0),
  count: z.number().int().min(1).max(1_000_000).default(1),
  /** Only calls that ask for more rows than this. */
  limitAbove: z.number().int().min(0).default(0),
  /** Only calls for a longer window than this; a call without one is longer than any. */
  windowAboveMs: z.number().min(0).default(0),
  retryAfterS: z.number().int().min(0).max(86_400).default(1),
  delayMs: z.number().int().min(0).max(60_000).default(1_000),
});
export type FaultGiven = z.input<typeof FAULT_SCHEMA>;
type Planned = z.output<typeof FAULT_SCHEMA>;

/** What a call asks for, as far as faults look at it. */
export interface Asked {
  readonly route: LangfuseRoute;
  readonly limit: number;
  readonly windowMs: number;
}

export class LangfuseFaults {
  private planned: Planned[] = [];

  plan(given: FaultGiven): void {
    this.planned.push(FAULT_SCHEMA.parse(given));
  }

  /** Ends everything that is planned. */
  heal(): void {
    this.planned = [];
  }

  /** The fault of this call, and counts it. */
  take({ route, limit, windowMs }: Asked): Planned | undefined {
    const matching = this.planned.filter(
      (fault) =>
        (fault.route === 'any' || fault.route === route) &&
        limit > fault.limitAbove &&
        windowMs > fault.windowAboveMs,
    );
    const ready = matching.find(({ after }) => after === 0);
    for (const fault of matching) if (fault.after > 0) fault.after -= 1;
    if (ready === undefined) return undefined;
    ready.count -= 1;
    if (ready.count === 0) this.planned.splice(this.planned.indexOf(ready), 1);
    return ready;
  }
}

const PAGE = '<!doctype html><title>sandbox</title><h1>Something is wrong</h1>';

/** Plays a fault that needs no right answer. @returns the status, 0 where the connection ends; undefined for other faults */
export function playFault(
  response: ServerResponse,
  { kind, retryAfterS }: Pick<Planned, 'kind' | 'retryAfterS'>,
  headers: Record<string, string>,
): number | undefined {
  const end = (status: number, body: object | string, more: Record<string, string> = {}): number => {
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { ...headers, 'content-type': type, ...more }).end(text);
    return status;
  };
  const json = { ...headers, 'content-type': 'application/json' };
  switch (kind) {
    case 'rate-limit':
      return end(
        429,
        { message: 'Rate limit exceeded', code: 'rate_limited' },
        { 'retry-after': String(retryAfterS) },
      );
    case 'rate-limit-bare':
      return end(429, { message: 'Rate limit exceeded', code: 'rate_limited' });
    case 'too-heavy':
      return end(422, { message: 'Request timed out', error: 'Request timed out' });
    case 'request-timeout':
      return end(408, { message: 'Request Timeout' });
    case 'error':
      return end(500, { message: 'Internal Server Error', error: 'Error' });
    case 'unavailable':
      return end(503, PAGE);
    case 'cloudflare':
      return end(524, PAGE);
    case 'unauthorized':
      return end(401, { message: 'Invalid credentials', error: 'UnauthorizedError' });
    case 'forbidden':
      return end(403, { message: 'Access denied', error: 'ForbiddenError' });
    case 'gone':
      return end(404, { message: 'Not available', error: 'LangfuseNotFoundError' });
    case 'html':
      return end(200, PAGE);
    case 'bad-json':
      return end(200, '{"data":[{"id":"ha', { 'content-type': 'application/json' });
    case 'wrong-json':
      return end(200, { data: { id: 7 }, meta: 'none' });
    case 'half-body':
      response.writeHead(200, { ...json, 'content-length': '500' });
      response.write('{"data":[{"id":"ha', () => response.socket?.destroy());
      return 0;
    case 'huge':
      writeHuge(response, json);
      return 200;
    case 'reset':
      response.socket?.resetAndDestroy();
      return 0;
    case 'hang':
      return 0;
    case 'slow':
    case 'repeated-cursor':
    case 'endless-pages':
    case 'strange-fields':
      return undefined;
  }
}

const KEPT_FIELDS = new Set(['id', 'traceId', 'startTime', 'timestamp', 'createdAt', 'value', 'dataType']);

/** The same answer with unknown keys, and without what a client could live without. */
export function withStrangeFields(body: string): string {
  const answer = JSON.parse(body) as { data: Record<string, unknown>[] };
  const strange = answer.data.map((row, index) => {
    const kept = Object.entries(row).map(
      ([key, value]) => [key, KEPT_FIELDS.has(key) ? value : null] as const,
    );
    const present = kept.filter(([, value]) => value !== null || index % 2 === 0);
    return { ...Object.fromEntries(present), zz_new: { deep: [1] }, constructor: 7, ['__proto__x']: null };
  });
  return JSON.stringify({ ...answer, data: strange, someday: { more: true } });
}
