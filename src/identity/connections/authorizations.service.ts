import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { authorizationRefused, invalidReturnUrl, invalidState } from '../identity.errors.js';
import { sessionOf } from '../sessions/sessions.service.js';
import type { AuthorizationPurpose } from './authorization-request.entity.js';
import {
  AuthorizationRequestsRepository,
  type RedeemedRequest,
} from './authorization-requests.repository.js';
import { flowSecrets, newFlowSecret, newSalt, SECRET_SHAPE } from './authorization-state.codec.js';
import { type Grant, OauthClient } from './oauth.client.js';
import type { ProviderDefinition } from './provider-definition.js';
import { ProviderRefusalError } from './provider-refusal.error.js';

/** Seconds that somebody may spend at the provider's page. */
export const AUTHORIZATION_LIFE_S = 600;

/** Where the request came from, for the way back. */
export interface WayBack {
  /** Origin under which the client reached us, where PUBLIC_URL does not say. */
  origin: string;
  /** Of APP_RETURN_URLS; null = a page of ours. */
  returnTo: string | null;
}

export interface Begun {
  /** The provider's page. */
  url: string;
  /** Goes with the browser to the provider and back. */
  state: string;
  /** For a cookie of the browser that begins; a native app may drop it. */
  browserSecret: string;
}

/** What came back by way of the browser. */
export interface CameBack {
  /** Query of the callback. */
  parameters: Readonly<Record<string, string>>;
  browserSecret: string | undefined;
}

/** Where the browser goes in the end. */
export interface CameHome {
  /** Of APP_RETURN_URLS; null = a page of ours. */
  returnTo: string | null;
  /** With which the app that began ends what it began. */
  code: string;
}

export interface Redeemed extends RedeemedRequest {
  grant: Grant;
}

/** The way to a provider's page and back, the same for connecting, linking and signing in. */
@Injectable()
export class Authorizations {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly requests: AuthorizationRequestsRepository,
    private readonly oauth: OauthClient,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** For somebody who is signed in. @throws DomainError invalidReturnUrl, accountNeeded; OutboundError */
  async beginFor(
    caller: Principal,
    purpose: 'connect' | 'link',
    definition: ProviderDefinition,
    back: WayBack,
  ): Promise<Begun> {
    const owner = { userId: caller.id, sessionId: sessionOf(caller), codeChallenge: null };
    const { begun, row } = await this.prepare(purpose, definition, back);
    await this.uow.run(caller, (tx) => this.requests.insertRequest(tx, { ...row, ...owner }));
    return begun;
  }

  /** For a stranger. @param codeChallenge S256, of the app that will exchange the code */
  async beginSignIn(definition: ProviderDefinition, codeChallenge: string, back: WayBack): Promise<Begun> {
    const owner = { userId: null, sessionId: null, codeChallenge };
    const { begun, row } = await this.prepare('sign-in', definition, back);
    await this.system.run(SYSTEM_SCOPE, (tx) => this.requests.insertRequest(tx, { ...row, ...owner }));
    return begun;
  }

  /**
   * Uses the state up, then asks the provider for what its code is worth.
   * @throws DomainError invalidState, authorizationRefused; OutboundError
   */
  async comeBack(
    purposes: readonly AuthorizationPurpose[],
    definition: ProviderDefinition,
    { parameters, browserSecret }: CameBack,
  ): Promise<Redeemed> {
    const state = parameters['state'] ?? '';
    if (!SECRET_SHAPE.test(state)) throw invalidState();
    const given = {
      stateHash: sha256(state),
      provider: definition.id,
      purposes,
      browserHash: browserSecret === undefined ? null : sha256(browserSecret),
    };
    const row = await this.system.run(SYSTEM_SCOPE, (tx) => this.requests.deleteRedeemed(tx, given));
    if (!row) throw invalidState();
    const callback = new URL(row.redirectUri);
    for (const [name, value] of Object.entries(parameters)) callback.searchParams.set(name, value);
    const start = {
      ...flowSecrets(state, row.salt),
      redirectUri: row.redirectUri,
      state,
      scopes: scopesFor(row.purpose, definition),
    };
    const grant = await this.oauth.exchange(definition, callback, start).catch((error: unknown) => {
      throw error instanceof ProviderRefusalError ? authorizationRefused() : error;
    });
    return { ...row, grant };
  }

  /** Asks the provider first, so that a failure leaves nothing. */
  private async prepare(purpose: AuthorizationPurpose, definition: ProviderDefinition, back: WayBack) {
    if (back.returnTo !== null && !this.env.appReturnUrls.includes(back.returnTo)) throw invalidReturnUrl();
    const [state, browserSecret, salt] = [newFlowSecret(), newFlowSecret(), newSalt()];
    const path =
      purpose === 'connect'
        ? `/api/v1/connections/${definition.id}/callback`
        : `/api/v1/auth/external/${definition.id}/callback`;
    const redirectUri = (this.env.publicUrl ?? back.origin) + path;
    const url = await this.oauth.authorizationUrl(definition, {
      ...flowSecrets(state, salt),
      redirectUri,
      state,
      scopes: scopesFor(purpose, definition),
      parameters: purpose === 'connect' ? definition.connectParameters : undefined,
    });
    const row = {
      stateHash: sha256(state),
      purpose,
      provider: definition.id,
      salt,
      browserHash: sha256(browserSecret),
      redirectUri,
      returnTo: back.returnTo,
      lifeS: AUTHORIZATION_LIFE_S,
    };
    return { begun: { url, state, browserSecret }, row };
  }
}

function scopesFor(purpose: AuthorizationPurpose, definition: ProviderDefinition): readonly string[] {
  return purpose === 'connect' ? definition.scopes : (definition.signInScopes ?? definition.scopes);
}
