/**
 * Why a page did not come.
 * `auth` the keys are wrong or may not; `rate_limited` not before `retryAfterMs`; `too_large` a smaller page or window may come (422, a
 * body over the cap); `transient` the same request may go better (timeouts, resets, 5xx, 408, a body cut short); `malformed` an answer
 * that cannot be understood; `gone` the upstream does not have this call.
 */
export type SyncFaultKind = 'auth' | 'rate_limited' | 'too_large' | 'transient' | 'malformed' | 'gone';

export class SyncFault extends Error {
  override readonly name = 'SyncFault';
  /** Of `rate_limited`: null where the upstream did not say. */
  readonly retryAfterMs: number | null;

  /** @param message for people and the run log: no URL, header or body */
  constructor(
    readonly kind: SyncFaultKind,
    message: string,
    options: { retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
