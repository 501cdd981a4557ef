import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyService } from './idempotency.service.js';
import { type Logger, LOGGER } from './logger.js';
import { ProblemFilter } from './problem.filter.js';
import { InputValidationPipe } from './validation.pipe.js';

@Module({})
export class HttpModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputValidationPipe },
        IdempotencyRepository,
        IdempotencyService,
      ],
      exports: [LOGGER, IdempotencyService, IdempotencyRepository],
    };
  }
}
