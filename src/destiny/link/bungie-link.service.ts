import { Injectable } from '@nestjs/common';
import { ProviderConnections } from '../../identity/identity.public.js';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { errorOfBungie, notConnected } from '../destiny.errors.js';
import { BungieFault } from '../bungie/bungie-fault.js';
import { BUNGIE_PROVIDER } from '../bungie/bungie.provider.js';
import { MembershipLists } from './membership-lists.service.js';
import { type LinkRow, type MembershipRow, MembershipsRepository } from './memberships.repository.js';
import { ReadMemberships } from './read-memberships.service.js';

export type LinkState = 'not-connected' | 'connected' | 'needs-sign-in' | 'no-destiny-account';

export interface LinkView {
  readonly state: LinkState;
  /** Whether this installation has a client at Bungie.net. */
  readonly canConnect: boolean;
  readonly bungieId: string | null;
  readonly readAt: Date | null;
  readonly memberships: readonly MembershipRow[];
}

/** Whether and as whom an account is connected to Bungie.net. Connecting itself is that of all providers, `/connections/bungie`. */
@Injectable()
export class BungieLink {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: MembershipsRepository,
    private readonly lists: MembershipLists,
    private readonly connections: ProviderConnections,
    private readonly reading: ReadMemberships,
    private readonly audit: Audit,
  ) {}

  /** Right after a connection was made memberships are read; what Bungie does not give just now is missing from the answer. */
  async view(caller: Principal): Promise<LinkView> {
    await this.reading.readUnlessPresent(caller.id).catch((error: unknown) => {
      if (!(error instanceof BungieFault) && !(error instanceof DomainError)) throw error;
    });
    const { state: connection } = await this.connections.state(caller.id, BUNGIE_PROVIDER);
    const [link] = await this.uow.read<LinkRow>(caller, this.rows.ownLink(caller.id));
    const memberships = await this.lists.of(caller.id, link);
    return {
      state: stateOf(connection, link, memberships),
      canConnect: this.connections.isThere(BUNGIE_PROVIDER),
      bungieId: link?.bungieId ?? null,
      readAt: link?.readAt ?? null,
      memberships,
    };
  }

  /** Reads the memberships anew. @throws DomainError notConnected, askedJustNow, and those of faults of Bungie's */
  async refresh(caller: Principal): Promise<LinkView> {
    try {
      await this.reading.read(caller.id);
    } catch (error) {
      throw error instanceof BungieFault ? errorOfBungie(error) : error;
    }
    return this.view(caller);
  }

  /**
   * Ends the connection, and takes away all that was read by it.
   * @throws AuthError without a fresh proof; DomainError notConnected when there is nothing
   */
  async end(caller: Principal): Promise<void> {
    assertProved(caller, Date.now());
    const clear = async (tx: Tx): Promise<boolean> => {
      const count = await this.rows.deleteLink(tx, caller.id);
      if (count === null) return false;
      await this.audit.record(tx, caller, {
        action: 'destiny.link-ended',
        object: { type: 'destiny.bungie-link', id: caller.id },
        before: { memberships: count },
      });
      return true;
    };
    const isEnded = await this.connections.disconnect(caller, BUNGIE_PROVIDER, async (tx) => {
      await clear(tx);
    });
    // The connection may have been ended among the others, and what was read by it is left.
    if (!isEnded && !(await this.uow.run(caller, clear))) throw notConnected();
  }
}

function stateOf(
  connection: 'none' | 'connected' | 'needs-sign-in',
  link: LinkRow | undefined,
  memberships: readonly MembershipRow[],
): LinkState {
  if (connection === 'none') return 'not-connected';
  if (connection === 'needs-sign-in') return 'needs-sign-in';
  const isRead = link !== undefined && link.readAt !== null;
  return isRead && !memberships.some(({ isActive }) => isActive) ? 'no-destiny-account' : 'connected';
}
