import { Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { challengeOf, type FlowSecrets } from './authorization-state.codec.js';
import type { ProviderDefinition } from './provider-definition.js';
import { ProviderRefusalError } from './provider-refusal.error.js';

// Every provider of OAuth 2 and OpenID Connect, by a certified library whose calls go out through the house's only door. What
// the library says of a failure may hold tokens, so nothing of it is passed on but a word.

/** Who somebody is at a provider, by a checked ID token. */
export interface GrantedIdentity {
  issuer: string;
  subject: string;
  /** Where the provider has verified it. */
  email: string | null;
  name: string | null;
}

/** What a provider has given. */
export interface Grant {
  accessToken: string;
  refreshToken: string | undefined;
  /** Seconds; undefined where the provider does not say. */
  expiresInS: number | undefined;
  /** As granted; undefined where the provider does not say. */
  scopes: string[] | undefined;
  /** Whose it is, where the answer says so. */
  subject: string | undefined;
  /** Of a checked ID token. */
  identity: GrantedIdentity | undefined;
}

export interface AuthorizationStart extends FlowSecrets {
  redirectUri: string;
  state: string;
  scopes: readonly string[];
  /** Of the provider, beyond the standard's. */
  parameters?: Readonly<Record<string, string>> | undefined;
}

/** How a provider is spoken to. */
interface Speech {
  /** Checks ID tokens by their signature, for which it asks for the provider's keys. */
  checked: oidc.Configuration;
  /**
   * Does without: where nobody's identity is taken from the answer, keys that cannot be had must not cost the tokens in it, since a
   * provider that rotates has made the ones before void.
   */
  plain: oidc.Configuration;
}

/** A discovered configuration is asked for anew after this long. */
const DISCOVERED_FOR_MS = 3_600_000;
const MAX_TOKEN_LENGTH = 8_192;

@Injectable()
export class OauthClient {
  private readonly known = new Map<ProviderDefinition, { speech: Promise<Speech>; untilMs: number }>();

  constructor(private readonly outbound: Outbound) {}

  /** Address of the provider's page. @throws OutboundError when the provider cannot say where that is */
  async authorizationUrl(definition: ProviderDefinition, start: AuthorizationStart): Promise<string> {
    const { checked } = await this.speechOf(definition);
    const url = oidc.buildAuthorizationUrl(checked, {
      ...start.parameters,
      redirect_uri: start.redirectUri,
      ...(start.scopes.length > 0 && { scope: start.scopes.join(definition.scopeSeparator ?? ' ') }),
      state: start.state,
      ...(definition.usesPkce && {
        code_challenge: challengeOf(start.verifier),
        code_challenge_method: 'S256',
      }),
      ...(start.scopes.includes('openid') && { nonce: start.nonce }),
    });
    return url.href;
  }

  /**
   * Tokens for the code that came back.
   * @param callback the redirect URI with what the provider has added
   * @throws ProviderRefusalError, OutboundError (also for an answer or ID token that does not hold)
   */
  exchange(definition: ProviderDefinition, callback: URL, start: AuthorizationStart): Promise<Grant> {
    return this.speak(definition, async ({ checked }) => {
      const checks = {
        expectedState: start.state,
        ...(definition.usesPkce && { pkceCodeVerifier: start.verifier }),
        ...(start.scopes.includes('openid') && { expectedNonce: start.nonce, idTokenExpected: true }),
      };
      const answer = await oidc.authorizationCodeGrant(checked, callback, checks);
      const grant = grantOf(definition, answer);
      const told = callback.searchParams.get('scope');
      return { ...grant, scopes: grant.scopes ?? (told === null ? undefined : scopesOf(told)) };
    });
  }

  /** @throws ProviderRefusalError when the refresh token is void; OutboundError */
  refresh(definition: ProviderDefinition, refreshToken: string): Promise<Grant> {
    return this.speak(definition, async ({ plain }) =>
      grantOf(definition, await oidc.refreshTokenGrant(plain, refreshToken)),
    );
  }

  /** @returns false for a provider that takes no tokens back @throws OutboundError */
  revoke(definition: ProviderDefinition, token: string): Promise<boolean> {
    return this.speak(definition, async ({ plain }) => {
      if (plain.serverMetadata().revocation_endpoint === undefined) return false;
      await oidc.tokenRevocation(plain, token);
      return true;
    });
  }

  private async speak<T>(definition: ProviderDefinition, talk: (speech: Speech) => Promise<T>): Promise<T> {
    const speech = await this.speechOf(definition);
    try {
      return await talk(speech);
    } catch (error) {
      throw toOurError(definition.id, error);
    }
  }

  private speechOf(definition: ProviderDefinition): Promise<Speech> {
    const known = this.known.get(definition);
    if (known && known.untilMs > performance.now()) return known.speech;
    const speech = this.configure(definition).catch((error: unknown) => {
      this.known.delete(definition);
      throw toOurError(definition.id, error);
    });
    this.known.set(definition, { speech, untilMs: performance.now() + DISCOVERED_FOR_MS });
    return speech;
  }

  private async configure(definition: ProviderDefinition): Promise<Speech> {
    const { endpoints, clientId } = definition;
    const auth = clientAuthOf(definition);
    const customFetch = fetchOf(definition, this.outbound.fetchFor(definition.policy)) as oidc.CustomFetch;
    if ('issuer' in endpoints) {
      const isInsecure = endpoints.issuer.startsWith('http:');
      const execute = isInsecure ? [oidc.allowInsecureRequests] : [];
      const options = { execute, [oidc.customFetch]: customFetch };
      const checked = await oidc.discovery(new URL(endpoints.issuer), clientId, undefined, auth, options);
      const plain = new oidc.Configuration(checked.serverMetadata(), clientId, undefined, auth);
      plain[oidc.customFetch] = customFetch;
      if (isInsecure) oidc.allowInsecureRequests(plain);
      oidc.enableNonRepudiationChecks(checked);
      return { checked, plain };
    }
    const server: oidc.ServerMetadata = {
      issuer: new URL(endpoints.authorizeUrl).origin,
      authorization_endpoint: endpoints.authorizeUrl,
      token_endpoint: endpoints.tokenUrl,
      ...(endpoints.revokeUrl !== undefined && { revocation_endpoint: endpoints.revokeUrl }),
    };
    const config = new oidc.Configuration(server, clientId, undefined, auth);
    config[oidc.customFetch] = customFetch;
    if (endpoints.tokenUrl.startsWith('http:')) oidc.allowInsecureRequests(config);
    return { checked: config, plain: config }; // no keys are known here
  }
}

/** What a provider wants and says beyond the standard. */
function fetchOf(definition: ProviderDefinition, plain: typeof fetch): typeof fetch {
  const { headers = {}, isVoid, endpoints, id } = definition;
  return async (input, init = {}) => {
    const given = Object.fromEntries(new Headers(init.headers));
    const response = await plain(input, { ...init, headers: { ...given, ...headers } });
    const isOfTokens =
      'tokenUrl' in endpoints && (input instanceof URL ? input.href : input) === endpoints.tokenUrl;
    if (isVoid === undefined || !isOfTokens || response.ok) return response;
    if (isVoid(response.status, await response.clone().text()))
      throw new ProviderRefusalError(id, 'invalid_grant');
    return response;
  };
}

function clientAuthOf({ clientSecret, clientAuth }: ProviderDefinition): oidc.ClientAuth {
  if (clientSecret === undefined) return oidc.None();
  return clientAuth === 'basic' ? oidc.ClientSecretBasic(clientSecret) : oidc.ClientSecretPost(clientSecret);
}

type TokenAnswer = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

function grantOf(definition: ProviderDefinition, answer: TokenAnswer): Grant {
  const claims = answer.claims();
  const { access_token: accessToken, refresh_token: refreshToken } = answer;
  if (accessToken.length > MAX_TOKEN_LENGTH || (refreshToken?.length ?? 0) > MAX_TOKEN_LENGTH)
    throw new OutboundError(OUTBOUND_ERROR.badAnswer, definition.id);
  const isVerified = claims?.['email_verified'] === true;
  return {
    accessToken,
    refreshToken,
    expiresInS: answer.expiresIn(),
    scopes: answer.scope === undefined ? undefined : scopesOf(answer.scope),
    subject: definition.subjectOf?.(answer) ?? claims?.sub,
    identity: claims && {
      issuer: claims.iss,
      subject: claims.sub,
      email: isVerified ? textOf(claims['email'], 254) : null,
      name: textOf(claims['name'], 100),
    },
  };
}

function scopesOf(text: string): string[] {
  return text.split(/[ ,]+/).filter((scope) => scope !== '');
}

/** Text that may be shown, or null. */
function textOf(value: unknown, mostCharacters: number): string | null {
  const isFit = typeof value === 'string' && value.length > 0 && value.length <= mostCharacters;
  return isFit && /^[^\p{Cc}\p{Cs}]*$/u.test(value) ? value : null;
}

/** Words of RFC 6749 and OpenID Connect; another one is not repeated, since anybody may have put it there. */
const REASONS = new Set([
  'access_denied',
  'invalid_grant',
  'invalid_scope',
  'consent_required',
  'login_required',
  'interaction_required',
  'temporarily_unavailable',
]);

const DEEPEST_CAUSE = 8;

function toOurError(provider: string, error: unknown): Error {
  let at = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && at instanceof Error; depth += 1, at = at.cause)
    if (at instanceof OutboundError || at instanceof ProviderRefusalError) return at;
  const isAuthorization = error instanceof oidc.AuthorizationResponseError;
  if (error instanceof oidc.ResponseBodyError || isAuthorization) {
    if (isAuthorization || error.error === 'invalid_grant')
      return new ProviderRefusalError(provider, REASONS.has(error.error) ? error.error : 'unknown');
    return new OutboundError(OUTBOUND_ERROR.refused, provider, { status: error.status });
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError)
    return new OutboundError(OUTBOUND_ERROR.refused, provider, { status: error.status });
  return new OutboundError(OUTBOUND_ERROR.badAnswer, provider, { reason: reasonOf(error) });
}

/** The library's own code, such as OAUTH_JWT_CLAIM_COMPARISON_FAILED. */
function reasonOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z_]{3,60}$/.test(code) ? code : undefined;
}
