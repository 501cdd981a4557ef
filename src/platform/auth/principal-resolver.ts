import { Inject, Injectable, Optional } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { AnonymousAccess, Env } from '../config/env.js';
import { sha256 } from '../crypto/digest.js';
import { AuthError } from './auth.errors.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import {
  ADMIN_PRINCIPAL,
  COMPAT_CUPID_READER,
  COMPAT_CUPID_WRITER,
  COMPAT_DESTINY_READER,
  COMPAT_DOFUS_READER,
  COMPAT_DOFUS_WRITER,
  INGEST_PRINCIPAL,
  type Principal,
  READ_PRINCIPAL,
} from './principal.js';
import type { CompatMountName } from './route.decorators.js';
import { TokenCache } from './token-cache.js';

// Service tokens are compared by their digests: the digest of what was sent is looked up among the digests of the known
// tokens, so the time taken tells nothing about how much of a guess was right. Other tokens are the authenticator's; a token
// that it has verified is remembered, and from then on costs a look into a map and the question whether it was taken back.

@Injectable()
export class PrincipalResolver {
  private readonly byDigest = new Map<string, Principal>();
  private readonly verified = new TokenCache();
  /** Of the authenticator when what is remembered was verified. */
  private epoch = 0;
  private readonly anonymous: Record<CompatMountName, Principal | undefined>;

  constructor(
    @Inject(ENV) env: Env,
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | undefined,
  ) {
    this.add(env.readApiToken, READ_PRINCIPAL);
    this.add(env.ingestApiToken, INGEST_PRINCIPAL);
    this.add(env.adminApiToken, ADMIN_PRINCIPAL);
    this.anonymous = {
      dofus: ANONYMOUS[env.compatDofusAnonymous],
      cupid: CUPID_ANONYMOUS[env.compatCupidAnonymous],
      destiny: env.compatDestinyAnonymous === 'read' ? COMPAT_DESTINY_READER : undefined,
      wisp: undefined, // everything there is somebody's own
    };
  }

  /**
   * Answers at once for tokens that it knows, and that is nearly always; a promise only for one seen the first time.
   * @param authorization the request's Authorization header
   * @param mount the compat mount of the route, whose anonymous account serves callers that send no token
   * @throws AuthError (or rejects with one)
   */
  resolve(
    authorization: string | undefined,
    mount: CompatMountName | undefined,
  ): Principal | Promise<Principal> {
    if (authorization === undefined) {
      const anonymous = mount && this.anonymous[mount];
      if (anonymous) return anonymous;
      throw new AuthError('missingToken');
    }
    if (this.authenticator !== undefined && this.authenticator.epoch !== this.epoch) this.forgetAll();
    const known = this.verified.find(authorization, Date.now());
    if (known === undefined) return this.verify(authorization);
    if (known.kind !== 'account' || this.authenticator === undefined) return known;
    if (this.authenticator.isRevoked(known)) {
      this.verified.remove(authorization);
      return this.verify(authorization); // an API key of a changed account may still be good, as another principal
    }
    if (known.keyId !== undefined) this.authenticator.noteUse(known.keyId);
    return known;
  }

  private verify(authorization: string): Principal | Promise<Principal> {
    const token = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1];
    if (token === undefined) throw new AuthError('missingToken');
    const service = this.byDigest.get(sha256(token).toString('base64'));
    if (service) {
      this.verified.add(authorization, service, Date.now());
      return service;
    }
    if (!this.authenticator) throw new AuthError('invalidToken');
    return this.ask(this.authenticator, token, authorization);
  }

  private async ask(authenticator: Authenticator, token: string, authorization: string): Promise<Principal> {
    const { epoch } = authenticator;
    const principal = await authenticator.authenticate(token);
    if (authenticator.epoch !== epoch) return this.ask(authenticator, token, authorization);
    if (authenticator.isRevoked(principal)) throw new AuthError('invalidToken');
    this.verified.add(authorization, principal, Date.now());
    if (principal.keyId !== undefined) authenticator.noteUse(principal.keyId);
    return principal;
  }

  /** Another signing key: a token that was good may be a forgery. */
  private forgetAll(): void {
    this.verified.clear();
    this.epoch = this.authenticator?.epoch ?? 0;
  }

  private add(token: string | undefined, principal: Principal): void {
    if (token !== undefined) this.byDigest.set(sha256(token).toString('base64'), principal);
  }
}

const ANONYMOUS: Record<AnonymousAccess, Principal | undefined> = {
  off: undefined,
  read: COMPAT_DOFUS_READER,
  write: COMPAT_DOFUS_WRITER,
};

const CUPID_ANONYMOUS: Record<AnonymousAccess, Principal | undefined> = {
  off: undefined,
  read: COMPAT_CUPID_READER,
  write: COMPAT_CUPID_WRITER,
};
