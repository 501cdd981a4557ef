import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { assertMay } from '../../platform/auth/assert-may.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { membershipUnusable, noDestinyAccount, notConnected, unknownMembership } from '../destiny.errors.js';
import { MembershipLists } from './membership-lists.service.js';
import { MembershipsRepository, type LinkRow, type MembershipRow } from './memberships.repository.js';
import { ReadMemberships } from './read-memberships.service.js';

/** A player's accounts on Bungie's platforms; what is shown and read of Destiny is that of the active one. */
@Injectable()
export class Memberships {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: MembershipsRepository,
    private readonly lists: MembershipLists,
    private readonly reading: ReadMemberships,
    private readonly audit: Audit,
  ) {}

  /** The active one first. */
  list(caller: Principal): Promise<MembershipRow[]> {
    assertMay(caller, 'destiny:own');
    return this.listOf(caller.id);
  }

  /**
   * The one whose data is shown; it is there without Bungie once it has been read. Read on demand the first time.
   * @throws DomainError notConnected, noDestinyAccount, askedJustNow; BungieFault
   */
  async active(caller: Principal): Promise<MembershipRow> {
    assertMay(caller, 'destiny:own');
    const row = (await this.listOf(caller.id)).find(({ isActive }) => isActive);
    return row ?? this.activeForCall(caller.id);
  }

  /**
   * The one to be read with the account's present token: after another account of Bungie.net has been connected, one of that.
   * @throws as above
   */
  async activeForCall(userId: string): Promise<MembershipRow> {
    await this.reading.readUnlessPresent(userId);
    const scope = { id: userId };
    const [link] = await this.uow.read<LinkRow>(scope, this.rows.ownLink(userId));
    const row = (await this.lists.of(userId, link)).find(({ isActive }) => isActive);
    if (row !== undefined) return row;
    throw link === undefined || link.readAt === null ? notConnected() : noDestinyAccount();
  }

  /** In a transaction of the account's or the system's scope. */
  async activeOf(tx: Tx, userId: string): Promise<MembershipRow | undefined> {
    return (await this.rows.findActive(tx, userId)) ?? undefined;
  }

  /** The player's own choice, which holds until Bungie takes the membership away. @throws DomainError */
  choose(caller: Principal, id: string): Promise<MembershipRow> {
    assertMay(caller, 'destiny:own');
    return this.uow.run(caller, async (tx) => {
      await this.rows.lockLink(tx, caller.id);
      const chosen = isUuid(id) ? await this.rows.findOwn(tx, caller.id, id) : null;
      if (chosen === null) throw unknownMembership();
      if (chosen.isOverridden || !chosen.isPresent) throw membershipUnusable();
      const before = await this.rows.findActive(tx, caller.id);
      await this.rows.updateActive(tx, caller.id, id);
      await this.audit.record(tx, caller, {
        action: 'destiny.active-membership-changed',
        object: { type: 'destiny.membership', id },
        before: { membershipId: before?.membershipId ?? null },
        after: { membershipId: chosen.membershipId, by: 'player' },
      });
      return { ...chosen, isActive: true };
    });
  }

  private async listOf(userId: string): Promise<MembershipRow[]> {
    const [link] = await this.uow.read<LinkRow>({ id: userId }, this.rows.ownLink(userId));
    return this.lists.of(userId, link);
  }
}
