import type { Env } from '../../platform/config/env.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import type { ProviderDefinition } from './provider-definition.js';

/** Known to the stand-in and to nobody else. */
export const SANDBOX_CLIENT = { id: 'guildhall', secret: 'secret-of-the-sandbox' } as const;

const GOOGLE = defineProvider({ provider: 'google' });
const SANDBOX = defineProvider({ provider: 'sandbox' });

/** Those that no room of its own brings: Google where it is configured, and the stand-in for trying. */
export function builtInProviders(env: Env): ProviderDefinition[] {
  const { google, sandboxOauthUrl } = env;
  const found: ProviderDefinition[] = [];
  if (google)
    found.push({
      id: 'google',
      endpoints: { issuer: google.issuer },
      clientId: google.clientId,
      clientSecret: google.clientSecret,
      clientAuth: 'form',
      usesPkce: true,
      scopes: ['openid', 'email'],
      signInScopes: ['openid', 'email', 'profile'],
      // At later consents Google gives a refresh token only when it asks again; a sign-in has no use for one.
      connectParameters: { access_type: 'offline', prompt: 'consent' },
      policy: GOOGLE,
    });
  if (sandboxOauthUrl !== undefined)
    found.push({
      id: 'sandbox',
      endpoints: { issuer: sandboxOauthUrl.replace(/\/$/, '') },
      clientId: SANDBOX_CLIENT.id,
      clientSecret: SANDBOX_CLIENT.secret,
      clientAuth: 'basic',
      usesPkce: true,
      scopes: ['openid', 'read', 'write'],
      signInScopes: ['openid', 'email', 'profile'],
      policy: SANDBOX,
    });
  return found;
}
