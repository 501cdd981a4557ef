/**
 * A reason not to start that the operator can act on. Its message is one sentence: what is wrong and what to do.
 * `main` prints that sentence alone (no stack) and exits with 1.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
