import { Catch, Inject } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import type { Problem } from '../../platform/http/problem.js';
import { type CompatAnswer, ProblemFilter } from '../../platform/http/problem.filter.js';

/** FastAPI says what is wrong as `detail`. */
@Catch()
export class CompatCupidFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  protected override compatAnswer({ status, detail }: Problem, error: unknown): CompatAnswer {
    if (error instanceof AuthError)
      return { status: error.failure === 'missingToken' ? 401 : 403, body: { detail: error.message } };
    return { status, body: { detail } };
  }
}
