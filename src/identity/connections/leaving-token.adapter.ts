import { EnvelopeError } from '../../platform/crypto/envelope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { SecretErasedError, UnknownSecretsKeyError } from '../../platform/vault/vault.errors.js';

/** A token in clear of an account that goes. */
export interface LeavingToken {
  provider: string;
  token: string;
  /** Takes its row away. @param tx of the system role @returns false when somebody else was faster */
  readonly remove: (tx: Tx) => Promise<boolean>;
}

/** What cannot be opened any more is lost for everybody: it must not keep an erasure from its end. */
export async function unlessErased<T>(opened: Promise<T>): Promise<T | undefined> {
  try {
    return await opened;
  } catch (error) {
    const isLost =
      error instanceof SecretErasedError ||
      error instanceof EnvelopeError ||
      error instanceof UnknownSecretsKeyError;
    if (!isLost) throw error;
    return undefined;
  }
}
