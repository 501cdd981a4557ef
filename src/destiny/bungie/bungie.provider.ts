import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { ProviderConnections } from '../../identity/identity.public.js';
import { idOf } from './answer-fields.js';
import { BUNGIE } from './bungie.client.js';
import { isVoidGrant } from './void-grant.js';

/** Part of routes and rows of identity: it never changes. */
export const BUNGIE_PROVIDER = 'bungie';

/** Makes Bungie.net one of those that people connect to, where the installation has a client there. */
@Injectable()
export class BungieProvider implements OnModuleInit {
  constructor(
    private readonly connections: ProviderConnections,
    @Inject(ENV) private readonly env: Pick<Env, 'bungie'>,
  ) {}

  onModuleInit(): void {
    const { bungie } = this.env;
    if (bungie?.client === undefined) return;
    const { apiKey, baseUrl, client } = bungie;
    this.connections.register({
      id: BUNGIE_PROVIDER,
      endpoints: {
        authorizeUrl: `${baseUrl}/en/OAuth/Authorize`,
        tokenUrl: `${baseUrl}/platform/app/oauth/token/`,
      },
      clientId: client.id,
      clientSecret: client.secret,
      // In the header the standard encodes signs of the secret that Bungie does not decode.
      clientAuth: 'form',
      usesPkce: false,
      // Fixed with the application; one that is named is refused.
      scopes: [],
      subjectOf: ({ membership_id: id }) => idOf(id),
      headers: { 'x-api-key': apiKey },
      isVoid: isVoidGrant,
      policy: BUNGIE,
    });
  }
}
