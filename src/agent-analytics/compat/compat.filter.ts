import { Catch, Inject } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import type { Problem } from '../../platform/http/problem.js';
import type { CompatAnswer } from '../../platform/http/compat-error.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';

/** FastAPI says what is wrong as `detail`. */
@Catch()
export class CompatCupidFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  /** The original asks nobody who they are: what is said to those who may not is as on the other mounts, with its `detail` besides. */
  protected override compatAnswer(problem: Problem, error: unknown): CompatAnswer {
    if (!(error instanceof AuthError)) return { status: problem.status, body: { detail: problem.detail } };
    const { status, body } = super.compatAnswer(problem, error);
    return { status, body: { ...body, detail: error.message } };
  }
}
