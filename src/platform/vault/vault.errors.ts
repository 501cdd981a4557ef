/** The user's data key is gone: what was sealed under it has been erased. */
export class SecretErasedError extends Error {
  override readonly name = 'SecretErasedError';

  constructor() {
    super('The secret was erased: its key is gone');
  }
}

/** A key of the installation that wraps a data key is neither in SECRETS_KEY nor in SECRETS_KEYS_OLD. */
export class UnknownSecretsKeyError extends Error {
  override readonly name = 'UnknownSecretsKeyError';

  constructor(kid: string) {
    super(`The key ${kid} is neither in SECRETS_KEY nor in SECRETS_KEYS_OLD`);
  }
}
