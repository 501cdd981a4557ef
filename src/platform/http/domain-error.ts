import type { InputFault } from './input-fault.js';

/** Why a request cannot be served, in the caller's terms; the problem filter turns it into a status. */
export type DomainErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'gone'
  | 'stale'
  | 'tooLarge'
  | 'unsupported'
  | 'tooMany'
  | 'unprocessable'
  | 'overloaded';

/**
 * An expected failure that ends the request. Services throw it; it knows nothing of HTTP. Each domain lists its codes in
 * `<domain>.errors.ts`.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: DomainErrorKind,
    /** `<domain>/<kebab>` */
    readonly code: string,
    detail: string,
    readonly faults: readonly InputFault[] = [],
    /** Seconds after which it may go better, where that is known; of the kinds `tooMany` and `overloaded`. */
    readonly retryAfterS?: number,
  ) {
    super(detail);
  }
}
