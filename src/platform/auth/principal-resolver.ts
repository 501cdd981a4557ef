import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { AnonymousAccess, Env } from '../config/env.js';
import { sha256 } from '../crypto/digest.js';
import { AuthError } from './auth.errors.js';
import {
  ADMIN_PRINCIPAL,
  COMPAT_DOFUS_READER,
  INGEST_PRINCIPAL,
  type Principal,
  READ_PRINCIPAL,
} from './principal.js';
import type { CompatMountName } from './route.decorators.js';

// Service tokens are compared by their digests: the digest of what was sent is looked up among the digests of the known
// tokens, so the time taken tells nothing about how much of a guess was right.

const MAX_VERIFIED = 1_000;

@Injectable()
export class PrincipalResolver {
  private readonly byDigest = new Map<string, Principal>();
  /** Headers that were good before, each verified once. A guess never gets in. */
  private readonly verified = new Map<string, Principal>();
  private readonly anonymous: Record<CompatMountName, Principal | undefined>;

  constructor(@Inject(ENV) env: Env) {
    this.add(env.readApiToken, READ_PRINCIPAL);
    this.add(env.ingestApiToken, INGEST_PRINCIPAL);
    this.add(env.adminApiToken, ADMIN_PRINCIPAL);
    this.anonymous = { dofus: anonymousPrincipal(env.compatDofusAnonymous) };
  }

  /**
   * @param authorization the request's Authorization header
   * @param mount the compat mount of the route, whose anonymous account serves callers that send no token
   * @throws AuthError
   */
  resolve(authorization: string | undefined, mount: CompatMountName | undefined): Principal {
    if (authorization === undefined) {
      const anonymous = mount && this.anonymous[mount];
      if (anonymous) return anonymous;
      throw new AuthError('missingToken');
    }
    const known = this.verified.get(authorization);
    if (known) return known;
    const token = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1];
    if (token === undefined) throw new AuthError('missingToken');
    const principal = this.byDigest.get(sha256(token).toString('base64'));
    if (!principal) throw new AuthError('invalidToken');
    if (this.verified.size >= MAX_VERIFIED) this.verified.clear();
    this.verified.set(authorization, principal);
    return principal;
  }

  private add(token: string | undefined, principal: Principal): void {
    if (token !== undefined) this.byDigest.set(sha256(token).toString('base64'), principal);
  }
}

/** `write` will let tokenless callers keep lists and messages; those routes come with accounts, so today both read. */
function anonymousPrincipal(access: AnonymousAccess): Principal | undefined {
  return access === 'off' ? undefined : COMPAT_DOFUS_READER;
}
