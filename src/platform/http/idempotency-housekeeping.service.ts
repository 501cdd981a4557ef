import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SYSTEM_PRINCIPAL } from '../auth/principal.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IDEMPOTENCY_HOURS } from './idempotency.service.js';
import { type Logger, LOGGER } from '../logging/logger.js';

const EVERY_MS = 600_000;

/** A worker's own tick, safe on any number of workers at once: forgets idempotency keys past their promise. */
@Injectable()
export class IdempotencyHousekeeping {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly keys: IdempotencyRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Interval(EVERY_MS)
  async forgetOldKeys(): Promise<number> {
    try {
      const deleted = await this.system.run(SYSTEM_PRINCIPAL, (tx) =>
        this.keys.deleteOlderThan(tx, IDEMPOTENCY_HOURS),
      );
      if (deleted > 0) this.logger.info({ deleted }, 'forgot idempotency keys');
      return deleted;
    } catch (error) {
      this.logger.warn({ err: error }, 'housekeeping failed; it runs again');
      return 0;
    }
  }
}
