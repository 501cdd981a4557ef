import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountRights } from '../../identity/identity.public.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { DomainRoles, type DomainRoleSource } from '../../platform/auth/domain-roles.js';
import type { Permission, Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { badCursor, noMemberRole, unknownMember } from '../market.errors.js';
import { MARKET_ROLE_PERMISSIONS, type MarketRole } from './market-role.js';
import { type MemberRoleRow, MemberRolesRepository } from './member-roles.repository.js';

/** Who is what to the market. Administrators give and take roles; either voids the account's tokens within a second. */
@Injectable()
export class MemberRoles implements DomainRoleSource, OnModuleInit {
  readonly domain = 'market';

  constructor(
    private readonly registry: DomainRoles,
    private readonly system: SystemUnitOfWork,
    private readonly roles: MemberRolesRepository,
    private readonly rights: AccountRights,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async permissionsOf(tx: Tx, accountId: string): Promise<readonly Permission[]> {
    const given = await this.roles.findRole(tx, accountId);
    return given === null ? [] : MARKET_ROLE_PERMISSIONS[given.role];
  }

  /** @param before account of the last row of the page before */
  list(before: string | null, limit: number): Promise<MemberRoleRow[]> {
    if (before !== null && !isUuid(before)) return Promise.reject(badCursor());
    return this.system.run(SYSTEM_SCOPE, (tx) => this.roles.listPage(tx, before, limit));
  }

  /** @throws DomainError unknownMember, for API keys; AuthError without a fresh proof */
  give(caller: Principal, accountId: string, role: MarketRole): Promise<MemberRoleRow> {
    return this.change(caller, accountId, async (tx, before) => {
      if (before?.role === role) return before;
      const after = await this.roles.upsertRole(tx, accountId, role);
      await this.record(tx, caller, { accountId, action: 'market.role-given', before, after });
      return after;
    });
  }

  /** @throws DomainError unknownMember, noMemberRole, for API keys; AuthError without a fresh proof */
  take(caller: Principal, accountId: string): Promise<void> {
    return this.change(caller, accountId, async (tx, before) => {
      if (!before) throw noMemberRole();
      await this.roles.deleteRole(tx, accountId);
      await this.record(tx, caller, { accountId, action: 'market.role-taken', before, after: null });
    });
  }

  /** One change of an account at a time. */
  private async change<T>(
    caller: Principal,
    accountId: string,
    work: (tx: Tx, before: MemberRoleRow | null) => Promise<T>,
  ): Promise<T> {
    if (!isUuid(accountId)) throw unknownMember();
    this.rights.assertMayGrant(caller);
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.rights.lock(tx, accountId))) throw unknownMember();
      return work(tx, await this.roles.findRole(tx, accountId));
    });
  }

  private async record(
    tx: Tx,
    caller: Principal,
    change: { accountId: string; action: string; before: MemberRoleRow | null; after: MemberRoleRow | null },
  ): Promise<void> {
    const { accountId, action, before, after } = change;
    await this.rights.changed(tx, accountId);
    await this.audit.record(tx, caller, {
      action,
      object: { type: 'identity.account', id: accountId },
      subjectId: accountId,
      before: before && { role: before.role },
      after: after && { role: after.role },
    });
  }
}
