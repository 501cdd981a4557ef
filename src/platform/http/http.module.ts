import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { CompatShapes } from './compat-shapes.service.js';
import { EventStreams } from './event-streams.service.js';
import { IdempotencyData } from './idempotency-data.handler.js';
import { IdempotencyHousekeeping } from './idempotency-housekeeping.service.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyService } from './idempotency.service.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { ProblemFilter } from './problem.filter.js';
import { InputValidationPipe } from './validation.pipe.js';

@Module({})
export class HttpModule {
  /** @param isWorker whether this process also does the room's housekeeping (roles worker and all) */
  static forRoot(logger: Logger, isWorker: boolean): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: isWorker ? [ScheduleModule.forRoot()] : [],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputValidationPipe },
        IdempotencyData,
        IdempotencyRepository,
        IdempotencyService,
        EventStreams,
        CompatShapes,
        ...(isWorker ? [IdempotencyHousekeeping] : []),
      ],
      exports: [LOGGER, IdempotencyService, EventStreams, CompatShapes],
    };
  }
}
