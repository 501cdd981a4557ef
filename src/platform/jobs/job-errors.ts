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

const LONGEST_MESSAGE = 4_000;

/** What a handler threw, as an Error that rows and queues can store: PostgreSQL refuses NUL, and anything may be thrown. */
export function toFailure(thrown: unknown): Error {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const message = text.replaceAll('\0', '\uFFFD').slice(0, LONGEST_MESSAGE);
  if (!(thrown instanceof Error)) return new Error(message);
  if (message !== text) {
    thrown.message = message;
    thrown.stack = `${thrown.name}: ${message}`;
  }
  return thrown;
}
