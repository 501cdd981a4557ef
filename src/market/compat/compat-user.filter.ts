import { type ArgumentsHost, Catch, Inject } from '@nestjs/common';
import type { Request } from 'express';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { bankUnauthorized } from './compat.errors.js';
import { textOf } from './compat-query.js';

const WRITES = new Set(['POST', 'DELETE']);

/** The bank of the original answers 401 to a wrong token as to none, where everything else there says 403. */
@Catch(AuthError)
export class CompatUserFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger);
  }

  override catch(error: AuthError, host: ArgumentsHost): void {
    const { method, query } = host.switchToHttp().getRequest<Request>();
    const isBank = WRITES.has(method) && textOf(query, 'resource') === 'bank';
    super.catch(isBank ? bankUnauthorized(error.message) : error, host);
  }
}
