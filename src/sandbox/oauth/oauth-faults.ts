import type { ServerResponse } from 'node:http';
import { writeHuge } from '../loopback-server.js';

// How providers fail. Each fault is asked for by route and so many times; then the stand-in is well again.

export const OAUTH_ROUTES = ['authorize', 'token', 'revoke', 'userinfo', 'discovery', 'jwks'] as const;
export type OauthRoute = (typeof OAUTH_ROUTES)[number];

export const OAUTH_FAULTS = [
  'error', // 500
  'unavailable', // 503 with an HTML page, as proxies in front of providers send it
  'rate-limit', // 429 with Retry-After
  'slow', // the right answer, late
  'hang', // no answer
  'reset', // the connection is cut before the answer
  'half-body', // and in the middle of it
  'bad-json', // JSON that ends too early, with the right length
  'wrong-json', // JSON of another shape
  'html', // 200 with a page
  'huge', // 200 without an end
  'lost', // everything is done, and the answer is lost: a rotated token that the client never sees
] as const;
export type OauthFault = (typeof OAUTH_FAULTS)[number];

export interface PlannedFault {
  readonly route: OauthRoute;
  readonly kind: OauthFault;
  /** Calls of the route that fail so. */
  count: number;
  /** Of `rate-limit`. */
  readonly retryAfterS: number;
  /** Of `slow`. */
  readonly delayMs: number;
}

/** Plays a fault that needs no right answer. `slow` and `lost` are the caller's, since they do. */
export function playFault(
  response: ServerResponse,
  { kind, retryAfterS }: PlannedFault,
  headers: Record<string, string>,
): void {
  const end = (status: number, type: string, body: string, more: Record<string, string> = {}): void => {
    response.writeHead(status, { ...headers, 'content-type': type, ...more }).end(body);
  };
  const page = '<!doctype html><title>sandbox</title><h1>Something is wrong</h1>';
  switch (kind) {
    case 'error':
      return end(500, 'application/json', '{"error":"server_error"}');
    case 'unavailable':
      return end(503, 'text/html', page);
    case 'rate-limit':
      return end(429, 'application/json', '{"error":"slow_down"}', { 'retry-after': String(retryAfterS) });
    case 'hang':
      return;
    case 'reset':
    case 'lost':
      response.socket?.resetAndDestroy();
      return;
    case 'half-body':
      response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"access_token":"ha', () => response.socket?.destroy());
      return;
    case 'bad-json':
      return end(200, 'application/json', '{"access_token":"ha');
    case 'wrong-json':
      return end(
        200,
        'application/json',
        '{"access_token":{"a":1},"expires_in":"soon","sub":7,"keys":"none"}',
      );
    case 'html':
      return end(200, 'text/html', page);
    case 'huge':
      return writeHuge(response, { ...headers, 'content-type': 'application/json' });
    case 'slow':
      return end(200, 'application/json', '{}');
  }
}
