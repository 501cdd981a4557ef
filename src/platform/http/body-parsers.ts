import type { IncomingMessage } from 'node:http';
import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { HttpException } from '@nestjs/common';
import { sha256 } from '../crypto/digest.js';
import { DomainError } from './domain-error.js';
import { HTTP_ERROR } from './problem.js';

/** Largest body after decompression. 1,000 observations are about 150 KB. */
export const BODY_LIMIT_BYTES = 1_048_576;
export const NDJSON_TYPE = 'application/x-ndjson';
export const CSV_TYPE = 'text/csv';

/** A request whose body digest was taken because it carries an Idempotency-Key. */
export interface DigestedRequest {
  bodyDigest?: Buffer;
}

function digestForIdempotency(
  request: IncomingMessage & DigestedRequest,
  _response: unknown,
  body: Buffer,
): void {
  if (request.headers['idempotency-key'] !== undefined) request.bodyDigest = sha256(body);
}

/** Where a body of bytes is read by the route itself, portion by portion. */
export interface StreamedRoute {
  readonly method: string;
  readonly path: string | RegExp;
  /** Media types that it reads; bytes and pictures by default. */
  readonly types?: readonly string[];
}

/**
 * JSON and NDJSON bodies within the limit, which counts decompressed bytes, so a gzip bomb stops there.
 * @param streamed routes that read bytes by themselves
 */
export function bodyParsers(
  streamed: readonly StreamedRoute[] = [],
): (RequestHandler | ErrorRequestHandler)[] {
  const common = { limit: BODY_LIMIT_BYTES, verify: digestForIdempotency };
  return [
    refuseStrangeRequests(streamed),
    // Whether a scalar will do is the route's to say; it is valid JSON.
    express.json({ ...common, strict: false, type: ['application/json', 'application/*+json'] }),
    express.text({ ...common, type: [NDJSON_TYPE, CSV_TYPE], defaultCharset: 'utf-8' }),
    nameBodyFault,
  ];
}

const FAULTS: Record<string, string> = {
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.too.large': 'The body is larger than the limit.',
  'encoding.unsupported': 'The content encoding is not supported.',
  'charset.unsupported': 'The character set is not supported; send UTF-8.',
  'request.aborted': 'The request ended before its body was complete.',
  'request.size.invalid': 'The body does not have the announced size.',
};

/** The parsers' own texts quote the body and name their libraries. */
function nameBodyFault(error: unknown, _request: Request, _response: Response, next: NextFunction): void {
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) {
    next(error);
    return;
  }
  const detail = typeof type === 'string' ? FAULTS[type] : undefined;
  next(new HttpException(detail ?? 'The body cannot be read.', status));
}

/** A body of another type would be ignored silently, and a NUL cannot be stored or searched by PostgreSQL. */
function refuseStrangeRequests(streamed: readonly StreamedRoute[]): RequestHandler {
  return (request, _response, next) => refuseStrange(request, streamed, next);
}

const PARSED_TYPES = ['application/json', 'application/*+json', NDJSON_TYPE, CSV_TYPE];
const BYTES_TYPES = ['application/octet-stream', 'image/*'];

function refuseStrange(request: Request, streamed: readonly StreamedRoute[], next: NextFunction): void {
  if (request.url.includes('%00')) {
    next(new DomainError('malformed', HTTP_ERROR.malformed, 'The URL holds a NUL character.'));
    return;
  }
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && request.is(PARSED_TYPES) === false && !isStreamed(request, streamed)) {
    const error = Object.assign(new Error('unsupported media type'), { status: 415 });
    next(error);
    return;
  }
  next();
}

/** Looked at after the usual types, so that no usual request pays for it. */
function isStreamed(request: Request, streamed: readonly StreamedRoute[]): boolean {
  if (request.headers['content-encoding'] !== undefined) return false; // what is packed would be judged packed
  return streamed.some(
    ({ method, path, types = BYTES_TYPES }) =>
      request.method === method &&
      (typeof path === 'string' ? request.path === path : path.test(request.path)) &&
      request.is([...types]) !== false,
  );
}
