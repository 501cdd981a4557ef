import type { OutboundPolicy } from '../../platform/outbound/outbound-policy.js';

/** Where a provider is asked: written down, or found out from the issuer of OpenID Connect. */
export type ProviderEndpoints =
  | { readonly issuer: string }
  | { readonly authorizeUrl: string; readonly tokenUrl: string; readonly revokeUrl?: string };

/** A third party to which people connect, or with which they sign in. Made by the room that uses it, see PLAYBOOKS. */
export interface ProviderDefinition {
  /** Lower-case kebab; part of routes and stored in rows, so it never changes. */
  readonly id: string;
  readonly endpoints: ProviderEndpoints;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret?: string;
  /** How the secret is sent: in the Authorization header, or in the form. */
  readonly clientAuth: 'basic' | 'form';
  readonly usesPkce: boolean;
  /** What a connection asks for; `openid` among them asks for an ID token and checks it. None = the provider decides. */
  readonly scopes: readonly string[];
  /** Between scopes, where the provider does not keep to the space of the standard. */
  readonly scopeSeparator?: string;
  /** What a sign-in asks for; undefined = one does not sign in there. */
  readonly signInScopes?: readonly string[];
  /** Added to the address of the provider's page for a connection: what makes it give a refresh token, each time. */
  readonly connectParameters?: Readonly<Record<string, string>>;
  /** Whom the connection belongs to, where the token answer says so in its own way. */
  readonly subjectOf?: (tokenAnswer: Readonly<Record<string, unknown>>) => string | undefined;
  /** Sent with each call to it beyond the standard's, such as a key of the application. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a refusal of the token endpoint means that what was brought is void, where it does not say `invalid_grant`. */
  readonly isVoid?: (status: number, body: string) => boolean;
  /** How it is called. */
  readonly policy: OutboundPolicy;
}
