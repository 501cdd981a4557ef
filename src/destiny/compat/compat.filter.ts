import { type ArgumentsHost, Catch, Inject } from '@nestjs/common';
import type { Response } from 'express';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { HTTP_ERROR, type Problem } from '../../platform/http/problem.js';
import type { CompatAnswer } from '../../platform/http/compat-error.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { tellProcessTime } from './process-time.interceptor.js';

/** FastAPI says what is wrong as `detail`; who is nobody is told as the original did. */
@Catch()
export class CompatDestinyFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    tellProcessTime(host.switchToHttp().getResponse<Response>());
    super.catch(error, host);
  }

  protected override compatAnswer(problem: Problem, error: unknown): CompatAnswer {
    if (error instanceof AuthError) {
      const { message } = error;
      if (problem.status === 401)
        return { status: 401, body: { error: 'auth_required', message, detail: message } };
      return { status: problem.status, body: { error: 'forbidden', message, detail: message } };
    }
    const faults = problem.errors ?? [];
    if (problem.code !== HTTP_ERROR.malformed || faults.length === 0)
      return { status: problem.status, body: { detail: problem.detail } };
    const detail = faults.map(({ pointer, code, detail: msg }) => ({
      type: code,
      loc: ['body', ...pointer.split('/').slice(1)],
      msg,
    }));
    return { status: 422, body: { detail } };
  }
}
