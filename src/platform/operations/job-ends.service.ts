import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JobCancelledError, WorkerStoppingError } from '../jobs/job-errors.js';
import { expectJobEnds } from '../profiling/span.js';

/** Tells profiling, which knows no jobs, that a cancelled job and a worker that stops are no errors. */
@Injectable()
export class JobEnds implements OnModuleDestroy {
  private readonly forget = expectJobEnds(
    (error) => error instanceof JobCancelledError || error instanceof WorkerStoppingError,
  );

  onModuleDestroy(): void {
    this.forget();
  }
}
