/**
 * The provider has understood and says no: `invalid_grant` for a code or refresh token that is void, `access_denied` for a
 * user who does not want to. Holds the provider's word and nothing that was sent.
 */
export class ProviderRefusalError extends Error {
  override readonly name = 'ProviderRefusalError';

  constructor(
    readonly provider: string,
    /** An error code of RFC 6749, or `unknown`. */
    readonly reason: string,
  ) {
    super(`${provider} refused (${reason})`);
  }
}
