/** Where this room says what an operator must know; the program's own log, handed over by whoever builds the application. */
export interface ProfilingLog {
  warn(fields: object, text: string): void;
}

export const PROFILING_LOG = Symbol('ProfilingLog');
