import { HttpException } from '@nestjs/common';
import { AuthError } from '../auth/auth.errors.js';
import { DatabaseUnavailableError, sqlState } from '../database/database.errors.js';
import { OUTBOUND_ERROR, OutboundError } from '../outbound/outbound.errors.js';
import { DomainError, type DomainErrorKind } from './domain-error.js';
import type { InputFault } from './input-fault.js';
import { RateLimitError } from './rate-limit.error.js';

/** RFC 9457 problem details, with our extensions `code`, `errors`, `requestId` and `retryAfterS`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: readonly InputFault[];
  retryAfterS?: number;
}

export const HTTP_ERROR = {
  /** (400) the request cannot be read: its JSON, its encoding, its URL, a parameter. */
  malformed: 'http/malformed',
  notFound: 'http/not-found',
  methodNotAllowed: 'http/method-not-allowed',
  /** (413) body, batch or parameter beyond the limit. */
  tooLarge: 'http/too-large',
  unsupportedMediaType: 'http/unsupported-media-type',
  unprocessable: 'http/unprocessable',
  /** (408) */
  requestTimeout: 'http/request-timeout',
  /** (431) */
  headersTooLarge: 'http/headers-too-large',
  /** (429) pipelined requests on one connection. */
  tooManyUnanswered: 'http/too-many-unanswered',
  /** (429) the caller has used up a quota; `retryAfterS` says for how long. */
  rateLimited: 'http/rate-limited',
  /** (429) the caller has as many streams of events open as one may have. */
  tooManyStreams: 'http/too-many-streams',
  /** (503) this process has as many streams open as it takes. */
  streamsFull: 'http/streams-full',
  /** (503) */
  shuttingDown: 'http/shutting-down',
  /** (503) the database does not answer; try again. */
  databaseUnavailable: 'http/database-unavailable',
  /** (503) a statement took longer than its limit. */
  tooSlow: 'http/too-slow',
  internal: 'http/internal',
} as const;

const TITLES: Record<number, string> = {
  400: 'Malformed request',
  401: 'Authentication required',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

const STATUS_OF_KIND: Record<DomainErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  gone: 410,
  stale: 412,
  tooLarge: 413,
  unsupported: 415,
  unprocessable: 422,
  tooMany: 429,
  overloaded: 503,
};

const CODE_OF_STATUS: Record<number, string> = {
  400: HTTP_ERROR.malformed,
  404: HTTP_ERROR.notFound,
  405: HTTP_ERROR.methodNotAllowed,
  413: HTTP_ERROR.tooLarge,
  415: HTTP_ERROR.unsupportedMediaType,
  422: HTTP_ERROR.unprocessable,
};

const UNAVAILABLE_RETRY_AFTER_S = 2;
const UNREADABLE_VALUES = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05']);

export function problem(
  status: number,
  code: string,
  detail: string,
  errors?: readonly InputFault[],
): Problem {
  const base = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, code };
  return errors && errors.length > 0 ? { ...base, errors } : base;
}

/** Any thrown value as a problem. What is not known becomes a bare 500: its text may hold what the caller must not see. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) {
    const known = problem(STATUS_OF_KIND[error.kind], error.code, error.message, error.faults);
    return error.kind === 'overloaded' || error.kind === 'tooMany'
      ? { ...known, retryAfterS: error.retryAfterS ?? UNAVAILABLE_RETRY_AFTER_S }
      : known;
  }
  if (error instanceof RateLimitError)
    return { ...problem(429, HTTP_ERROR.rateLimited, error.message), retryAfterS: error.retryAfterS };
  if (error instanceof AuthError) return problem(error.status, error.code, error.message);
  if (error instanceof DatabaseUnavailableError) {
    return {
      ...problem(503, HTTP_ERROR.databaseUnavailable, 'The database does not answer; try again.'),
      retryAfterS: UNAVAILABLE_RETRY_AFTER_S,
    };
  }
  if (error instanceof OutboundError) return fromOutbound(error);
  if (sqlState(error) === '57014') {
    return {
      ...problem(503, HTTP_ERROR.tooSlow, 'The database took too long; try again or ask for less.'),
      retryAfterS: UNAVAILABLE_RETRY_AFTER_S,
    };
  }
  // Input that passed our checks and that PostgreSQL cannot read: a number, an instant or a text out of its range.
  if (UNREADABLE_VALUES.has(sqlState(error) ?? ''))
    return problem(400, HTTP_ERROR.malformed, 'A value is out of range.');
  if (error instanceof HttpException) return fromHttpException(error);
  return fromMiddlewareError(error) ?? problem(500, HTTP_ERROR.internal, 'Something went wrong on our side.');
}

/** What a service did not turn into an answer of its own: a third party that the request needs has none. */
function fromOutbound({ code, retryAfterMs }: OutboundError): Problem {
  if (code === OUTBOUND_ERROR.badRequest)
    return problem(500, HTTP_ERROR.internal, 'Something went wrong on our side.');
  return {
    ...problem(503, code, 'Another service that this needs does not answer; try again.'),
    retryAfterS: retryAfterMs === undefined ? UNAVAILABLE_RETRY_AFTER_S : Math.ceil(retryAfterMs / 1_000),
  };
}

function fromHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  if (status >= 500) return problem(status, HTTP_ERROR.internal, 'Something went wrong on our side.');
  return problem(status, CODE_OF_STATUS[status] ?? HTTP_ERROR.malformed, error.message);
}

const BODY_PARSER_DETAILS: Record<string, string> = {
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.too.large': 'The body is larger than the limit.',
  'encoding.unsupported': 'The content encoding is not supported.',
  'charset.unsupported': 'The character set is not supported; send UTF-8.',
  'request.aborted': 'The request ended before its body was complete.',
  'request.size.invalid': 'The body does not have the announced size.',
};

/** Express and its body parsers throw errors with a status and a type; their texts may quote the body, so ours are used. */
function fromMiddlewareError(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (error instanceof URIError) return problem(400, HTTP_ERROR.malformed, 'The URL is not valid.');
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const detail = typeof type === 'string' ? BODY_PARSER_DETAILS[type] : undefined;
  return problem(
    status,
    CODE_OF_STATUS[status] ?? HTTP_ERROR.malformed,
    detail ?? 'The request cannot be read.',
  );
}
