import { UnrecoverableError } from 'bullmq';

/** Somebody asked for the end of the job; it is not tried again. */
export class JobCancelledError extends UnrecoverableError {
  constructor() {
    super('The job was cancelled');
  }
}

/** The try took longer than its definition allows. */
export class JobTimeoutError extends Error {
  override readonly name = 'JobTimeoutError';

  constructor(timeoutMs: number) {
    super(`The try took longer than ${timeoutMs} ms`);
  }
}

/** This process is going down; the job goes back to its queue without having failed. */
export class WorkerStoppingError extends Error {
  override readonly name = 'WorkerStoppingError';

  constructor() {
    super('The worker is stopping');
  }
}

/** The payload is not what the definition says: trying again would not help. */
export class PoisonPayloadError extends UnrecoverableError {}
