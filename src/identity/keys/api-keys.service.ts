import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuthError } from '../../platform/auth/auth.errors.js';
import { DomainRoles } from '../../platform/auth/domain-roles.js';
import { narrowed, permissionsOf } from '../../platform/auth/effective-permissions.js';
import type { Permission, Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { isSame } from '../../platform/crypto/hmac.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { keyExpired, scopesNotHeld, tooManyKeys, unknownAccount, unknownKey } from '../identity.errors.js';
import { sessionOf } from '../sessions/sessions.service.js';
import { Revocations } from '../tokens/revocations.service.js';
import { hashOfApiKey, newApiKey, prefixOf } from './api-key.codec.js';
import { type ApiKeyRow, ApiKeysRepository } from './api-keys.repository.js';

export const MAX_KEYS = 50;

export interface KeyWish {
  name: string;
  scopes: readonly Permission[];
  /** Null for one that does not end by itself. */
  expiresAt: Date | null;
}

/** Keys of machines, as their owner keeps them. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: ApiKeysRepository,
    private readonly accounts: AccountsRepository,
    private readonly revocations: Revocations,
    private readonly audit: Audit,
  ) {}

  /**
   * @returns the key itself too, which is never shown again
   * @throws AuthError without a fresh proof; DomainError scopesNotHeld, keyExpired, tooManyKeys
   */
  async create(caller: Principal, wish: KeyWish): Promise<{ key: string; row: ApiKeyRow }> {
    sessionOf(caller);
    assertProved(caller, Date.now());
    const missing = wish.scopes.flatMap((scope, index) => (caller.permissions.has(scope) ? [] : [index]));
    if (missing.length > 0) throw scopesNotHeld(missing);
    if (wish.expiresAt !== null && wish.expiresAt.getTime() <= Date.now()) throw keyExpired();
    const { key, prefix, hash } = newApiKey();
    const row = await this.uow.run(caller, async (tx) => {
      const account = await this.accounts.lockAccount(tx, caller.id); // counted one by one
      if (!account) throw unknownAccount();
      // What has ended the caller's token while this waited has deleted the account's keys too; none comes after them.
      if (account.lockedAt || account.tokenVersion !== caller.tokenVersion)
        throw new AuthError('invalidToken');
      if ((await this.keys.countKeys(tx, caller.id)) >= MAX_KEYS) throw tooManyKeys(MAX_KEYS);
      const made = await this.keys.insertKey(tx, {
        id: uuidv7(),
        userId: caller.id,
        prefix,
        hash,
        name: wish.name,
        scopes: wish.scopes,
        expiresAt: wish.expiresAt,
      });
      await this.audit.record(tx, caller, {
        action: 'identity.key-created',
        object: { type: 'identity.key', id: made.id },
        after: shown(made),
      });
      return made;
    });
    return { key, row };
  }

  list(caller: Principal): Promise<ApiKeyRow[]> {
    return this.uow.read<ApiKeyRow>(caller, this.keys.listOwn(caller.id));
  }

  /** Here at once, in other processes within a second. @throws DomainError unknownKey, also for somebody else's */
  async remove(caller: Principal, id: string): Promise<void> {
    sessionOf(caller);
    if (!isUuid(id)) throw unknownKey();
    await this.uow.run(caller, async (tx) => {
      const deleted = await this.keys.deleteKey(tx, id);
      if (!deleted) throw unknownKey();
      await this.revocations.revoke(tx, [{ kind: 'key', subjectId: deleted.id }]);
      await this.audit.record(tx, caller, {
        action: 'identity.key-deleted',
        object: { type: 'identity.key', id: deleted.id },
        before: shown(deleted),
      });
    });
  }
}

/** Who is behind a key. */
@Injectable()
export class KeyVerifier {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly keys: ApiKeysRepository,
    private readonly roles: DomainRoles,
  ) {}

  /** @throws AuthError invalidToken */
  async verify(key: string): Promise<Principal> {
    const prefix = prefixOf(key);
    if (prefix === undefined) throw new AuthError('invalidToken');
    const found = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const row = await this.keys.findByPrefix(tx, prefix);
      if (!row?.isAlive || !isSame(row.hash, hashOfApiKey(key))) return undefined;
      // After the version: who loses a role meanwhile has a higher one, and this principal is void.
      return { row, granted: await this.roles.permissionsOf(tx, row.userId) };
    });
    if (!found) throw new AuthError('invalidToken');
    const { row, granted } = found;
    return Object.freeze({
      id: row.userId,
      kind: 'account',
      name: prefix,
      permissions: narrowed(permissionsOf({ role: row.role, granted }), row.scopes),
      keyId: row.id,
      tokenVersion: row.tokenVersion,
      ...(row.expiresAt && { expiresAtMs: row.expiresAt.getTime() }),
    });
  }
}

const shown = ({ name, prefix, scopes, expiresAt }: ApiKeyRow): object => ({
  name,
  prefix,
  scopes,
  expiresAt,
});
