import { Catch, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import type { Problem } from '../../platform/http/problem.js';
import { CompatShapes } from '../../platform/http/compat-shapes.service.js';
import type { CompatAnswer } from '../../platform/http/compat-error.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { currentRequestId } from '../../platform/profiling/span.js';
import { RUNNING_ERROR } from '../running.errors.js';
import { swiftInstant } from './compat-answer.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'SERVICE_UNAVAILABLE',
};

/** Errors of the documented contract: `{error: {code, message, details}, timestamp, request_id}`. */
@Catch()
export class CompatWispFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  protected override compatAnswer(problem: Problem, error: unknown): CompatAnswer {
    return toEnvelope(problem, error);
  }
}

/** Errors of the routes that were built: `{error: true, message, status_code, timestamp}`. */
@Catch()
export class CompatWispBuiltFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  protected override compatAnswer(problem: Problem, error: unknown): CompatAnswer {
    return toBuiltError(problem, error);
  }
}

/** The same of what reaches no controller. */
@Injectable()
export class CompatWispShapes implements OnModuleInit {
  constructor(private readonly shapes: CompatShapes) {}

  onModuleInit(): void {
    this.shapes.add('/compat/wisp/', toBuiltError);
    this.shapes.add('/compat/wisp/api/', toEnvelope);
  }
}

function toEnvelope(problem: Problem, error: unknown): CompatAnswer {
  const status = statusOf(problem);
  const code = problem.code === RUNNING_ERROR.providerTerms ? 'STRAVA_TERMS' : CODES[status];
  const details = detailsOf(problem);
  return {
    status,
    body: {
      error: {
        code: code ?? 'INTERNAL_ERROR',
        message: messageOf(problem, error),
        ...(details && { details }),
      },
      timestamp: swiftInstant(new Date()),
      request_id: currentRequestId() ?? '',
    },
  };
}

function toBuiltError(problem: Problem, error: unknown): CompatAnswer {
  const status = statusOf(problem);
  return {
    status,
    body: {
      error: true,
      message: messageOf(problem, error),
      status_code: status,
      timestamp: swiftInstant(new Date()),
    },
  };
}

function messageOf({ detail }: Problem, error: unknown): string {
  return error instanceof AuthError ? error.message : detail;
}

/** The original knows neither 412 nor 422. */
function statusOf({ status }: Problem): number {
  return status === 422 ? 400 : status === 412 ? 409 : status;
}

/** A long list with a fault in each element says nothing new from here on. */
const MOST_DETAILS = 50;

/** By field; of a limit, when to come back. */
function detailsOf({ errors = [], retryAfterS }: Problem): Record<string, unknown> | undefined {
  if (errors.length > 0)
    return Object.fromEntries(
      errors.slice(0, MOST_DETAILS).map(({ pointer, detail }) => [pointer.slice(1) || 'body', detail]),
    );
  return retryAfterS === undefined ? undefined : { retry_after: retryAfterS };
}
