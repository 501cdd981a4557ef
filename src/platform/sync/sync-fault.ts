import { OUTBOUND_ERROR, OutboundError } from '../outbound/outbound.errors.js';

/**
 * Why a page did not come.
 * `auth` the keys are wrong or may not; `rate_limited` not before `retryAfterMs`; `too_large` a smaller page or window may come (422, a
 * body over the cap); `transient` the same request may go better (timeouts, resets, 5xx, 408, a body cut short); `malformed` an answer
 * that cannot be understood; `gone` the upstream does not have this call.
 */
export type SyncFaultKind = 'auth' | 'rate_limited' | 'too_large' | 'transient' | 'malformed' | 'gone';

export class SyncFault extends Error {
  override readonly name = 'SyncFault';
  /** Not before so long from now; null where nobody said. */
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

const { rateLimited, budgetExhausted, tooLarge, refused, badAnswer } = OUTBOUND_ERROR;
const WORTH_WAITING = new Set<string>([
  OUTBOUND_ERROR.timeout,
  OUTBOUND_ERROR.connectionFailed,
  OUTBOUND_ERROR.unavailable,
  OUTBOUND_ERROR.circuitOpen,
  OUTBOUND_ERROR.tooBusy,
  OUTBOUND_ERROR.aborted,
]);
/** Statuses of answers that outbound passes on as refused. */
const KIND_OF_STATUS: Readonly<Record<number, SyncFaultKind>> = {
  401: 'auth',
  403: 'auth',
  404: 'gone',
  405: 'gone',
  408: 'transient',
  410: 'gone',
  413: 'too_large',
  422: 'too_large',
  425: 'transient',
  429: 'rate_limited',
};

/** The fault behind what a source has thrown, where it is the upstream's; anything else is ours, and undefined. */
export function faultOf(thrown: unknown): SyncFault | undefined {
  if (thrown instanceof SyncFault) return thrown;
  if (!(thrown instanceof OutboundError)) return undefined;
  return new SyncFault(kindOf(thrown), thrown.message, { retryAfterMs: thrown.retryAfterMs });
}

function kindOf({ code, status }: OutboundError): SyncFaultKind {
  if (code === rateLimited || code === budgetExhausted) return 'rate_limited';
  if (code === tooLarge) return 'too_large';
  if (code === badAnswer) return 'malformed';
  if (code === refused) return KIND_OF_STATUS[status ?? 0] ?? 'malformed';
  return WORTH_WAITING.has(code) ? 'transient' : 'gone';
}
