/** Codes of the auth room; HTTP status in brackets. */
export const AUTH_ERROR = {
  /** (401) no Authorization header, or not of the form `Bearer <token>`. */
  missingToken: 'auth/missing-token',
  /** (401) the token is not known. */
  invalidToken: 'auth/invalid-token',
  /** (403) the caller may never do this. */
  forbidden: 'auth/forbidden',
  /** (403) the caller must prove the password or a second factor anew. */
  stepUpNeeded: 'auth/step-up-needed',
} as const;

export type AuthFailure = keyof typeof AUTH_ERROR;

/** Raised by the guard; the problem filter and the compat mounts give it their own shapes. */
export class AuthError extends Error {
  override readonly name = 'AuthError';

  /** @param detail what the caller can do, where that depends on who it is */
  constructor(
    readonly failure: AuthFailure,
    detail?: string,
  ) {
    super(
      detail ??
        {
          missingToken: 'Send a token: Authorization: Bearer <token>.',
          invalidToken: 'The token is not valid.',
          forbidden: 'The caller does not have the permission that this needs.',
          stepUpNeeded: 'Prove your password or second factor anew, then ask again.',
        }[failure],
    );
  }

  get status(): 401 | 403 {
    return this.failure === 'forbidden' || this.failure === 'stepUpNeeded' ? 403 : 401;
  }

  get code(): string {
    return AUTH_ERROR[this.failure];
  }
}
