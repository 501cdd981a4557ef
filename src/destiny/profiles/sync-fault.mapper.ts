import { DomainError } from '../../platform/http/domain-error.js';
import { SyncFault, type SyncFaultKind } from '../../platform/sync/sync-fault.js';
import { DESTINY_ERROR } from '../destiny.errors.js';
import { BungieFault, type BungieFaultKind } from '../bungie/bungie-fault.js';

/** Bungie's maintenance lasts hours; nobody is served by asking more often. */
const MAINTENANCE_REST_MS = 600_000;

const KINDS: Readonly<Record<BungieFaultKind, SyncFaultKind>> = {
  maintenance: 'rate_limited',
  throttled: 'rate_limited',
  sign_in_again: 'auth',
  key: 'auth',
  private: 'gone',
  no_account: 'gone',
  unreachable: 'transient',
  unexpected: 'transient',
  malformed: 'malformed',
};

/** The same in the engine's words; undefined for what is no fault of Bungie's and no matter of its connection. */
export function syncFaultOf(error: unknown): SyncFault | undefined {
  if (error instanceof BungieFault) {
    const restMs = error.kind === 'maintenance' ? MAINTENANCE_REST_MS : undefined;
    return new SyncFault(KINDS[error.kind], error.message, { retryAfterMs: error.retryAfterMs ?? restMs });
  }
  if (!(error instanceof DomainError)) return undefined;
  if (error.code === DESTINY_ERROR.notConnected) return new SyncFault('auth', error.message);
  return error.kind === 'overloaded'
    ? new SyncFault('transient', 'The connection to Bungie.net is just being renewed.')
    : undefined;
}

/** Whether the player's permission does not hold (any more); a key that Bungie does not take is no fault of the player's. */
export function isLapsed(error: unknown): boolean {
  if (error instanceof BungieFault) return error.kind === 'sign_in_again';
  return error instanceof DomainError && error.code === DESTINY_ERROR.notConnected;
}
