import { type ArgumentsHost, Catch, Inject } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { notConfigured } from './compat.errors.js';

/** Without INGEST_API_TOKEN no token can be right. The original then says so instead of accusing the client. */
@Catch(AuthError)
export class CompatIngestFilter extends ProblemFilter {
  constructor(
    @Inject(LOGGER) logger: Logger,
    @Inject(ENV) private readonly env: Env,
  ) {
    super(logger);
  }

  override catch(error: AuthError, host: ArgumentsHost): void {
    super.catch(this.env.ingestApiToken === undefined ? notConfigured() : error, host);
  }
}
