import type { LinkedProfile, MembershipCard, MembershipsAnswer } from './read-memberships.js';

// Which of a player's memberships is meant, as Bungie's own clients decide: the platform of the cross-save; without one, of those that no
// other has taken over, the one that was played last. The player may decide otherwise, but not for one that has been taken over.

/** Those among which only the last time of play decides; one or none need no further question to Bungie. */
export function candidates({ cards, primaryMembershipId }: MembershipsAnswer): readonly MembershipCard[] {
  const primary = cards.filter(({ membershipId }) => membershipId === primaryMembershipId);
  return primary.length > 0 ? primary.slice(0, 1) : cards.filter(({ isOverridden }) => !isOverridden);
}

/**
 * @param linked when each was played; may be empty where there is one candidate
 * @param preferredId what the player has chosen, null for nothing
 * @returns null for a player without a Destiny account
 */
export function chooseMembership(
  answer: MembershipsAnswer,
  linked: readonly LinkedProfile[],
  preferredId: string | null,
): MembershipCard | null {
  const preferred = answer.cards.find(
    ({ membershipId, isOverridden }) => membershipId === preferredId && !isOverridden,
  );
  if (preferred) return preferred;
  const playedAtMs = (card: MembershipCard): number =>
    linked.find(
      ({ membershipId, membershipType }) =>
        membershipId === card.membershipId && membershipType === card.membershipType,
    )?.lastPlayedAtMs ?? -1;
  let chosen: MembershipCard | null = null;
  for (const card of candidates(answer))
    if (chosen === null || playedAtMs(card) > playedAtMs(chosen)) chosen = card;
  return chosen;
}
