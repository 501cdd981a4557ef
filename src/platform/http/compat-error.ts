/**
 * An answer of a compat mount whose exact status and body the original's clients expect. It leaves the problem filter
 * unchanged.
 */
export class CompatError extends Error {
  override readonly name = 'CompatError';

  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof body['message'] === 'string' ? body['message'] : String(body['error']));
  }
}

export const COMPAT_PREFIX = '/compat/';

/** What clients of a mount are told. */
export interface CompatAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
