/** Why a request cannot be served, in the caller's terms; the problem filter turns it into a status. */
export type DomainErrorKind =
  'malformed' | 'notFound' | 'conflict' | 'stale' | 'tooLarge' | 'unprocessable' | 'overloaded';

/** One fault of the input: where (JSON pointer, RFC 6901), which, and in words. */
export interface InputFault {
  pointer: string;
  code: string;
  detail: string;
}

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
  ) {
    super(detail);
  }
}
