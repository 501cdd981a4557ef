/** Codes of the outbound room: why a call to a third party brought no answer. */
export const OUTBOUND_ERROR = {
  /** No answer, or not all of it, within the time of the call; or no connection within its own. */
  timeout: 'outbound/timeout',
  /** Refused, reset, cut in the middle of the body, or not HTTP. */
  connectionFailed: 'outbound/connection-failed',
  /** The provider answered 5xx. */
  unavailable: 'outbound/unavailable',
  /** The provider answered 429; `retryAfterMs` says until when. */
  rateLimited: 'outbound/rate-limited',
  /** The provider answered another status than the caller can use, such as 401 or 404. */
  refused: 'outbound/refused',
  /** The body is larger than the policy allows. */
  tooLarge: 'outbound/too-large',
  /** The body is not JSON, or not of the shape that the caller expects. */
  badAnswer: 'outbound/bad-answer',
  /** More redirects than allowed, or one that cannot be followed safely. */
  badRedirect: 'outbound/bad-redirect',
  /** The URL or the address behind it is not one that users may have us call. */
  blockedAddress: 'outbound/blocked-address',
  /** The provider failed several times in a row and is left alone for a while. */
  circuitOpen: 'outbound/circuit-open',
  /** Too many calls are under way and waiting already. */
  tooBusy: 'outbound/too-busy',
  /** The installation has used up what the provider allows; `retryAfterMs` says until when. */
  budgetExhausted: 'outbound/budget-exhausted',
  /** The caller's own signal ended the call. */
  aborted: 'outbound/aborted',
  /** What the caller wanted to send is no valid request. */
  badRequest: 'outbound/bad-request',
} as const;

export type OutboundErrorCode = (typeof OUTBOUND_ERROR)[keyof typeof OUTBOUND_ERROR];

const SENTENCES: Record<OutboundErrorCode, string> = {
  'outbound/timeout': 'did not answer in time',
  'outbound/connection-failed': 'could not be reached',
  'outbound/unavailable': 'has a fault of its own',
  'outbound/rate-limited': 'asks to be called less often',
  'outbound/refused': 'refused the request',
  'outbound/too-large': 'answered more than is read',
  'outbound/bad-answer': 'answered what cannot be understood',
  'outbound/bad-redirect': 'redirected to where it cannot be followed',
  'outbound/blocked-address': 'lies at an address that is not called',
  'outbound/circuit-open': 'failed repeatedly and is left alone for a while',
  'outbound/too-busy': 'has too many calls under way',
  'outbound/budget-exhausted': 'must not be called any more for now',
  'outbound/aborted': 'was not waited for',
  'outbound/bad-request': 'cannot be sent such a request',
};

export interface OutboundFailure {
  /** Status of the provider's answer, where there was one. */
  readonly status?: number | undefined;
  /** Not to be called before so many milliseconds have passed: a job asks for its own delay instead of waiting. */
  readonly retryAfterMs?: number | undefined;
  /** A word of the network or of HTTP, such as ECONNRESET; never part of a URL, a header or a body. */
  readonly reason?: string | undefined;
}

/**
 * A call that brought no usable answer. Made to be logged: it holds the provider's name and no URL, header or body, since
 * each of these may carry a credential; for the same reason it has no `cause`.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;
  /** Requests that were sent, or tried to be. */
  tries = 0;

  constructor(
    readonly code: OutboundErrorCode,
    readonly provider: string,
    failure: OutboundFailure = {},
  ) {
    const { status, reason } = failure;
    const detail = [...(status === undefined ? [] : [status]), ...(reason === undefined ? [] : [reason])];
    super(`${provider} ${SENTENCES[code]}${detail.length > 0 ? ` (${detail.join(', ')})` : ''}`);
    this.status = status;
    this.retryAfterMs = failure.retryAfterMs;
    this.reason = reason;
  }
}

/** The provider is down rather than unwilling: the breaker counts these. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof OutboundError)) return false;
  const { timeout, connectionFailed, unavailable } = OUTBOUND_ERROR;
  return error.code === timeout || error.code === connectionFailed || error.code === unavailable;
}

/** Another try may go better. */
export function isWorthAnotherTry(error: OutboundError): boolean {
  if (error.status === 501 || error.status === 505) return false;
  return isOutage(error) || error.code === OUTBOUND_ERROR.rateLimited;
}
