import { Injectable } from '@nestjs/common';
import { ProviderConnections } from '../../identity/identity.public.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { askedJustNow, notConnected } from '../destiny.errors.js';
import { BungieAccess } from '../bungie/bungie-access.service.js';
import { BungieFault, malformed } from '../bungie/bungie-fault.js';
import { BungieClient } from '../bungie/bungie.client.js';
import { BUNGIE_PROVIDER } from '../bungie/bungie.provider.js';
import { candidates, chooseMembership } from '../bungie/choose-membership.js';
import type { LinkedProfile, MembershipsAnswer } from '../bungie/read-memberships.js';
import { type LinkRow, MembershipsRepository, type SeenMembership } from './memberships.repository.js';

/** Seconds between two readings, of all processes together. */
export const READING_FLOOR_S = 60;
/** Seconds after a failure until another reading. */
const AFTER_FAILURE_S = 10;

/** Reads an account's memberships at Bungie, and decides which of them is the active one. */
@Injectable()
export class ReadMemberships {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: MembershipsRepository,
    private readonly connections: ProviderConnections,
    private readonly access: BungieAccess,
    private readonly bungie: BungieClient,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError notConnected, askedJustNow; BungieFault */
  async read(userId: string): Promise<void> {
    const { state, subject } = await this.connections.state(userId, BUNGIE_PROVIDER);
    if (state === 'none') throw notConnected();
    if (state === 'needs-sign-in') throw new BungieFault('sign_in_again');
    await this.ask(userId, subject);
  }

  /**
   * Reads them where they have never been read, or belong to another account of Bungie.net than the one that is connected now.
   * @throws as above
   */
  async readUnlessPresent(userId: string): Promise<void> {
    const { state, subject } = await this.connections.state(userId, BUNGIE_PROVIDER);
    if (state !== 'connected') return;
    const [link] = await this.uow.read<LinkRow>({ id: userId }, this.rows.ownLink(userId));
    const isPresent =
      link !== undefined && link.bungieId !== null && (subject ?? link.bungieId) === link.bungieId;
    if (!isPresent) await this.ask(userId, subject);
  }

  private async ask(userId: string, subject: string | null): Promise<void> {
    const scope = { id: userId };
    const leftS = await this.uow.run(scope, (tx) =>
      this.rows.claimAsking(tx, userId, subject, READING_FLOOR_S),
    );
    if (leftS > 0) throw askedJustNow(leftS);
    try {
      const { answer, linked } = await this.call(userId, subject);
      await this.store(userId, answer, linked);
    } catch (error) {
      await this.uow.run(scope, (tx) =>
        this.rows.updateAskedAgo(tx, userId, READING_FLOOR_S - AFTER_FAILURE_S),
      );
      throw error;
    }
  }

  private call(
    userId: string,
    subject: string | null,
  ): Promise<{ answer: MembershipsAnswer; linked: LinkedProfile[] }> {
    return this.access.asPlayer(userId, async (token) => {
      const answer = await this.bungie.memberships(token);
      // Whoever is not the one who signed in must not be taken for them, whatever cache the answer came from.
      if (subject !== null && answer.bungieId !== subject) throw malformed('another player');
      const isClear = candidates(answer).length <= 1;
      return { answer, linked: isClear ? [] : await this.bungie.linkedProfiles(answer.bungieId, { token }) };
    });
  }

  private async store(userId: string, answer: MembershipsAnswer, linked: LinkedProfile[]): Promise<void> {
    await this.uow.run({ id: userId }, async (tx) => {
      const link = await this.rows.lockLink(tx, userId);
      if (link === null) return; // disconnected meanwhile
      const before = await this.rows.findActive(tx, userId);
      const preferredId = link.isChosen ? (before?.membershipId ?? null) : null;
      const chosen = chooseMembership(answer, linked, preferredId);
      await this.rows.updateNoneActive(tx, userId);
      await this.rows.upsertSeen(tx, userId, seenOf(answer, linked, chosen?.membershipId));
      const isChosen = preferredId !== null && chosen?.membershipId === preferredId;
      await this.rows.updateRead(tx, userId, answer.bungieId, isChosen);
      const after = await this.rows.findActive(tx, userId);
      if (after?.id === before?.id) return;
      await this.audit.record(
        tx,
        { id: userId },
        {
          action: 'destiny.active-membership-changed',
          object: { type: 'destiny.membership', id: after?.id ?? before!.id },
          before: { membershipId: before?.membershipId ?? null },
          after: { membershipId: after?.membershipId ?? null, by: 'bungie' },
        },
      );
    });
  }
}

function seenOf(
  { cards, primaryMembershipId }: MembershipsAnswer,
  linked: readonly LinkedProfile[],
  activeId: string | undefined,
): SeenMembership[] {
  return cards.map((card) => {
    const playedAtMs = linked.find(
      ({ membershipType, membershipId }) =>
        membershipType === card.membershipType && membershipId === card.membershipId,
    )?.lastPlayedAtMs;
    return {
      membershipType: card.membershipType,
      membershipId: card.membershipId,
      displayName: card.displayName,
      icon: card.iconPath,
      isActive: card.membershipId === activeId,
      isOverridden: card.isOverridden,
      isCrossSavePrimary: card.membershipId === primaryMembershipId,
      lastPlayedAt: playedAtMs == null ? null : new Date(playedAtMs),
    };
  });
}
