import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_ERROR, type Problem } from './problem.js';

// How answers are written. JSON leaves with its length, one head and one write: no entity tag hashed from the body, no
// freshness check, no content negotiation (together a third of what Express adds to a small answer).

/** On every answer, also on those that are not ours to write (redirects, streams, pages of the documentation). */
export const SECURITY_HEADERS: ReadonlyMap<string, string> = new Map([
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
]);

const YEAR_S = 31_536_000;

export const TLS_SECURITY_HEADERS: ReadonlyMap<string, string> = new Map([
  ...SECURITY_HEADERS,
  ['Strict-Transport-Security', `max-age=${YEAR_S}; includeSubDomains`],
]);

/** JSON needs nothing; a browser that shows it as a page shall load nothing. */
export const JSON_POLICY = "default-src 'none'; frame-ancestors 'none'";
const JSON_TYPE = 'application/json; charset=utf-8';
const DECLARES_JSON = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Sends `body` as JSON. Headers set before stay, except a type that would mislabel an error. */
export function writeJson(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  const declared = response.getHeader('Content-Type');
  const isMislabelled = response.statusCode >= 400 && !DECLARES_JSON.test(String(declared));
  if (declared === undefined || isMislabelled) response.setHeader('Content-Type', JSON_TYPE);
  if (!response.hasHeader('Content-Security-Policy'))
    response.setHeader('Content-Security-Policy', JSON_POLICY);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** Sends bytes as they are, for answers that were serialised before. */
export function writeBytes(response: ServerResponse, bytes: Uint8Array): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

export function writeNotModified(response: ServerResponse): void {
  response.removeHeader('Content-Type');
  response.statusCode = 304;
  response.end();
}

const RETRY_AFTER_S = 1;

/** What is refused before the application sees a request. */
export const REFUSAL = {
  malformed: refusal(400, HTTP_ERROR.malformed, 'The request is not valid HTTP/1.1.'),
  traceNotAllowed: refusal(405, HTTP_ERROR.methodNotAllowed, 'TRACE is not served.'),
  tooSlow: refusal(408, HTTP_ERROR.requestTimeout, 'The request did not arrive completely in time.'),
  headersTooLarge: refusal(
    431,
    HTTP_ERROR.headersTooLarge,
    'The request line and headers are larger than the limit.',
  ),
  expectation: refusal(417, HTTP_ERROR.malformed, 'The expectation of the Expect header cannot be met.'),
  tooManyUnanswered: refusal(
    429,
    HTTP_ERROR.tooManyUnanswered,
    'Too many requests on this connection wait for their answers.',
    RETRY_AFTER_S,
  ),
  shuttingDown: refusal(
    503,
    HTTP_ERROR.shuttingDown,
    'The server is shutting down; try again.',
    RETRY_AFTER_S,
  ),
} as const;

const PROBLEM_TYPE = 'application/problem+json';
/** How long a refused client has to read its answer; closing at once would reset the connection under it. */
const LINGER_MS = 1_000;

export function refuse(response: ServerResponse, problem: Problem): void {
  response.statusCode = problem.status;
  response.setHeader('Content-Type', PROBLEM_TYPE);
  if (problem.retryAfterS !== undefined) response.setHeader('Retry-After', String(problem.retryAfterS));
  writeJson(response, problem);
}

/** Answers a connection on which no request could be read, or no upgrade is taken, then closes it. */
export function refuseSocket(socket: Socket, problem: Problem): void {
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Date: ${new Date().toUTCString()}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(problem.status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(problem.retryAfterS === undefined ? [] : [`Retry-After: ${problem.retryAfterS}`]),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function refusal(status: number, code: string, detail: string, retryAfterS?: number): Problem {
  const refused = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
  return retryAfterS === undefined ? refused : { ...refused, retryAfterS };
}
