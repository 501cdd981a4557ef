import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { invalidCode } from '../identity.errors.js';
import { newFlowSecret } from './authorization-state.codec.js';
import { EXPIRE_GRANT } from './connections.jobs.js';
import { type LeavingToken, unlessErased } from './leaving-token.adapter.js';
import { type Grant, type GrantedIdentity, OauthClient } from './oauth.client.js';
import type { PendingPurpose } from './pending-grant.entity.js';
import { type PendingGrantRow, PendingGrantsRepository } from './pending-grants.repository.js';
import type { ProviderDefinition } from './provider-definition.js';

// Whoever agrees at a provider need not be who began: anybody can be sent the address of the provider's page, and a state says
// whose account it is, not whose browser. So coming back stores nothing of lasting effect. It leaves what was granted here, and a code
// with the browser; the app that gets the code brings it with its own access token, and only for the account that began does it count.
// A victim's app has another account; an attacker has no code.

/** Seconds that the app has to bring the code. */
export const PENDING_LIFE_S = 600;
/** After that nobody can be about to use it. */
const LAPSES_AFTER_MS = (PENDING_LIFE_S + 5) * 1_000;

const IDENTITY = z.object({
  issuer: z.string(),
  subject: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
});
const GRANT = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresInS: z.number().optional(),
  scopes: z.array(z.string()).optional(),
  subject: z.string().optional(),
  identity: IDENTITY.optional(),
});

/** The account that began. */
interface Owner {
  id: string;
}

@Injectable()
export class PendingGrants {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: PendingGrantsRepository,
    private readonly accounts: AccountsRepository,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
    private readonly oauth: OauthClient,
  ) {}

  /** Tokens of a connection to be. @returns the code */
  keepTokens(owner: Owner, definition: ProviderDefinition, grant: Grant): Promise<string> {
    return this.keep(owner, 'connect', definition.id, GRANT.parse(grant)).catch(async (error: unknown) => {
      // Nobody holds these tokens; the provider shall not either.
      await this.oauth.revoke(definition, grant.refreshToken ?? grant.accessToken).catch(() => undefined);
      throw error;
    });
  }

  /** Who somebody is elsewhere, to be linked. @returns the code */
  keepIdentity(owner: Owner, providerId: string, identity: GrantedIdentity): Promise<string> {
    return this.keep(owner, 'link', providerId, IDENTITY.parse(identity));
  }

  /** Uses the code up with the caller's transaction. @throws DomainError invalidCode, for another account's too */
  async takeTokens(tx: Tx, caller: Principal, providerId: string, code: string): Promise<Grant> {
    const row = await this.take(tx, caller, 'connect', providerId, code);
    const { refreshToken, expiresInS, scopes, subject, identity, accessToken } = GRANT.parse(
      await this.read(tx, row),
    );
    const leftS = expiresInS === undefined ? undefined : Math.max(0, expiresInS - row.ageS);
    return { accessToken, refreshToken, expiresInS: leftS, scopes, subject, identity };
  }

  /** As above. */
  async takeIdentity(tx: Tx, caller: Principal, providerId: string, code: string): Promise<GrantedIdentity> {
    return IDENTITY.parse(await this.read(tx, await this.take(tx, caller, 'link', providerId, code)));
  }

  /** What the provider would have to take back, if anything. @throws SecretErasedError, EnvelopeError */
  async tokenOf(
    tx: Tx,
    row: PendingGrantRow,
  ): Promise<{ token: string; subject: string | null } | undefined> {
    if (row.purpose !== 'connect') return undefined;
    const { refreshToken, accessToken, subject } = GRANT.parse(await this.read(tx, row));
    return { token: refreshToken ?? accessToken, subject: subject ?? null };
  }

  /** In the scope of the account. */
  async listLeaving(tx: Tx, userId: string): Promise<LeavingToken[]> {
    const found: LeavingToken[] = [];
    for (const row of await this.rows.listOwn(tx, userId)) {
      const opened = await unlessErased(this.tokenOf(tx, row));
      const remove = (system: Tx): Promise<boolean> => this.rows.deleteGrant(system, row.id);
      if (opened !== undefined) found.push({ provider: row.provider, token: opened.token, remove });
    }
    return found;
  }

  private async keep(
    owner: Owner,
    purpose: PendingPurpose,
    provider: string,
    content: object,
  ): Promise<string> {
    const [id, code] = [uuidv7(), newFlowSecret()];
    const userId = owner.id;
    await this.uow.run(owner, async (tx) => {
      const sealedGrant = await this.vault.seal(tx, placeOf({ id, userId }), JSON.stringify(content));
      const row = { id, userId, purpose, provider, sealedGrant };
      await this.rows.insertGrant(tx, { ...row, codeHash: sha256(code), lifeS: PENDING_LIFE_S });
      await this.jobs.enqueueShared(tx, EXPIRE_GRANT, [{ grantId: id }], { delayMs: LAPSES_AFTER_MS });
    });
    return code;
  }

  /** In the scope of the caller, so somebody else's is none. */
  private async take(
    tx: Tx,
    caller: Principal,
    purpose: PendingPurpose,
    provider: string,
    code: string,
  ): Promise<PendingGrantRow> {
    const row = await this.rows.deleteRedeemed(tx, { codeHash: sha256(code), purpose, provider });
    // An account that is being deleted hands over what it has before its keys go; nothing may come after that.
    const account = row && (await this.accounts.lockAccount(tx, caller.id));
    if (!account || account.lockedAt) throw invalidCode();
    return row;
  }

  private async read(tx: Tx, row: PendingGrantRow): Promise<unknown> {
    return JSON.parse((await this.vault.open(tx, placeOf(row), row.sealedGrant)).toString()) as unknown;
  }
}

function placeOf({ id, userId }: { id: string; userId: string }): SecretPlace {
  return { table: 'identity.pending_grant', column: 'sealed_grant', rowId: id, userId };
}
