import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Inject,
  Injectable,
  Optional,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { AuthError } from '../auth/auth.errors.js';
import { COMPAT_PREFIX, type CompatAnswer, CompatError } from './compat-error.js';
import { CompatShapes } from './compat-shapes.service.js';
import { currentRequestId, noteError } from '../profiling/span.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { HTTP_ERROR, type Problem, toProblem } from './problem.js';
import { writeJson } from './reply.js';

/** Every failure leaves through here, as RFC 9457 problem+json or, below `/compat/`, in the shape that its clients know. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  /** @param shapes of mounts whose own filters were not reached; those filters need none */
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Optional() private readonly shapes?: CompatShapes,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = toProblem(error);
    if (problem.status >= 500 && !(error instanceof CompatError)) {
      const level = problem.status === 503 ? 'warn' : 'error';
      this.logger[level]({ err: error, requestId: currentRequestId() }, 'request failed');
      if (problem.status === 500) noteError(error);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.retryAfterS !== undefined) response.setHeader('Retry-After', String(problem.retryAfterS));
    if (error instanceof CompatError) {
      sendJson(response, error.status, error.body, 'application/json; charset=utf-8', error.headers);
    } else if (request.path.startsWith(COMPAT_PREFIX)) {
      const tellBy = this.shapes?.find(request.path);
      const { status, body } = tellBy?.(problem, error) ?? this.compatAnswer(problem, error);
      sendJson(response, status, body, 'application/json; charset=utf-8');
    } else {
      const body = { ...problem, instance: request.path, requestId: currentRequestId() };
      sendJson(response, problem.status, body, 'application/problem+json');
    }
  }

  /** What clients of a mount are told; mounts whose original says it otherwise have a filter of their own. */
  protected compatAnswer(problem: Problem, error: unknown): CompatAnswer {
    return toCompatBody(problem, error);
  }
}

const COMPAT_CODES: Record<string, string> = {
  [HTTP_ERROR.malformed]: 'invalid_json',
  [HTTP_ERROR.tooLarge]: 'payload_too_large',
  [HTTP_ERROR.databaseUnavailable]: 'database_error',
  [HTTP_ERROR.tooSlow]: 'database_error',
  [HTTP_ERROR.notFound]: 'not_found',
};

/** The originals answer `{error, message}`; a token that is not known is 403 there, a missing one 401. */
function toCompatBody(problem: Problem, error: unknown): CompatAnswer {
  if (error instanceof AuthError) {
    const isMissing = error.failure === 'missingToken';
    const body = { error: isMissing ? 'unauthorized' : 'forbidden', message: error.message };
    return { status: isMissing ? 401 : 403, body };
  }
  const body = { error: compatCode(problem.code), message: problem.detail };
  return { status: problem.status, body };
}

/** `market/lane-full` -> `lane_full`, in the way of the originals' own codes. */
function compatCode(code: string): string {
  if (code === HTTP_ERROR.internal) return 'internal_error';
  return COMPAT_CODES[code] ?? code.slice(code.indexOf('/') + 1).replaceAll('-', '_');
}

function sendJson(
  response: Response,
  status: number,
  body: object,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-store');
  writeJson(response, body);
}
