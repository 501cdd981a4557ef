import { z } from 'zod';
import type { Env } from './env.js';
import { sheetsUrls } from './sheets-settings.js';
import { StartupError } from './startup-error.js';
import { trustedIssuersSchema } from './trusted-issuers.js';

// Settings of whom people sign in with and connect to: a part of the one schema of the environment.

/** What an OpenID Connect provider knows us by. */
export interface ClientRegistration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const webUrl = z.url({ protocol: /^https?$/ });

export const PROVIDER_VARIABLES = {
  PUBLIC_URL: webUrl.optional(),
  APP_RETURN_URLS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim()))
    .pipe(z.array(z.string().refine(isReturnUrl, 'must be URLs without fragment')).max(50))
    .default([]),
  GOOGLE_CLIENT_ID: z.string().min(1).max(300).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(16, 'must have at least 16 characters').max(512).optional(),
  GOOGLE_ISSUER: webUrl.default('https://accounts.google.com'),
  SANDBOX_OAUTH_URL: webUrl.optional(),
  DISCORD_URL: webUrl.default('https://discord.com'),
  TRUSTED_ISSUERS: trustedIssuersSchema.default([]),
};

type Given = z.output<z.ZodObject<typeof PROVIDER_VARIABLES>>;

/** @throws StartupError for half of the two */
export function googleRegistration(given: Given): ClientRegistration | undefined {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer } = given;
  if ((clientId === undefined) !== (clientSecret === undefined))
    throw new StartupError('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET come together: set both or neither.');
  return clientId === undefined || clientSecret === undefined
    ? undefined
    : { issuer, clientId, clientSecret };
}

type Providers = Pick<
  Env,
  | 'bungie'
  | 'langfuse'
  | 'google'
  | 'publicUrl'
  | 'discordUrl'
  | 'sandboxOauthUrl'
  | 'trustedIssuers'
  | 'sheets'
>;

/** What of these must not be a placeholder, by name. */
export function sharedSecrets(env: Providers): (readonly [name: string, value: string | undefined])[] {
  return [
    ['GOOGLE_CLIENT_SECRET', env.google?.clientSecret],
    ['BUNGIE_API_KEY', env.bungie?.apiKey],
    ['BUNGIE_CLIENT_SECRET', env.bungie?.client?.secret],
    ...env.langfuse.map(({ secretKey }) => ['A secret key of Langfuse', secretKey] as const),
    ...env.trustedIssuers.map(
      (issuer) =>
        [
          'A sharedSecret of TRUSTED_ISSUERS',
          'sharedSecret' in issuer ? issuer.sharedSecret : undefined,
        ] as const,
    ),
  ];
}

/** In production: what is promised of providers holds only over TLS, and the stand-in lets anybody in. @throws StartupError */
export function refuseUnsafeProviders(env: Providers): void {
  if (env.sandboxOauthUrl !== undefined)
    throw new StartupError('SANDBOX_OAUTH_URL is for trying and tests: its stand-in lets anybody in.');
  const urls = [
    ['PUBLIC_URL', env.publicUrl],
    ['GOOGLE_ISSUER', env.google?.issuer],
    ['DISCORD_URL', env.discordUrl],
    ['BUNGIE_URL', env.bungie?.baseUrl],
    ...sheetsUrls(env.sheets),
    ...env.trustedIssuers.map(
      (issuer) => ['A jwksUrl of TRUSTED_ISSUERS', 'jwksUrl' in issuer ? issuer.jwksUrl : undefined] as const,
    ),
  ] as const;
  for (const [name, url] of urls)
    if (url?.startsWith('http:')) throw new StartupError(`${name} must be an https:// URL in production.`);
  if (env.google !== undefined && env.publicUrl === undefined)
    throw new StartupError(
      'GOOGLE_CLIENT_ID needs PUBLIC_URL in production: where Google sends browsers back to.',
    );
  if (env.bungie?.client !== undefined && env.publicUrl === undefined)
    throw new StartupError(
      'BUNGIE_CLIENT_ID needs PUBLIC_URL in production: where Bungie sends browsers back to.',
    );
}

/** An app's own scheme or a page; nothing that a browser would run. */
function isReturnUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hash, username, password } = new URL(text);
  return (
    !/^(?:javascript|data|blob|file|about|vbscript):$/.test(protocol) && hash + username + password === ''
  );
}
