// How a run ends before its end, other than by a fault.

/** Somebody else has the run: nothing of it is ours to write any more. */
export class RunLostError extends Error {
  override readonly name = 'RunLostError';

  constructor() {
    super('The run is in other hands');
  }
}

/** Somebody asked for the end of the run. */
export class RunCancelledError extends Error {
  override readonly name = 'RunCancelledError';

  constructor() {
    super('The run was cancelled');
  }
}

/** The run goes on later, in another job. */
export class RunPausedError extends Error {
  override readonly name = 'RunPausedError';

  /** @param retryAtMs not before this instant; null = as soon as somebody can */
  constructor(readonly retryAtMs: number | null) {
    super('The run goes on later');
  }
}
