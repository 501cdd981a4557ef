import { iconOf } from './game-words.js';
import type { SandboxPlayer, SandboxProfile } from './sandbox-player.js';

// Who somebody is: the memberships of an account, and which of them have a profile. With cross-save one stands for all, and the cards of the
// others say so by `crossSaveOverride` and an empty list of what they apply to.

export function membershipsAnswer(player: SandboxPlayer): object {
  const { crossSave } = player.options;
  const primary = player.profiles.find(({ membership }) => membership.type === crossSave);
  return {
    destinyMemberships: player.profiles.map((profile) => ({
      LastSeenDisplayName: displayNameOf(player),
      LastSeenDisplayNameType: profile.membership.type,
      ...userInfoCard(profile),
    })),
    ...(primary !== undefined && { primaryMembershipId: primary.membershipId }),
    bungieNetUser: {
      membershipId: player.bungieMembershipId,
      uniqueName: `${displayNameOf(player)}#${String(codeOf(player)).padStart(4, '0')}`,
      displayName: displayNameOf(player),
      isDeleted: false,
      locale: 'en',
      cachedBungieGlobalDisplayName: displayNameOf(player),
      cachedBungieGlobalDisplayNameCode: codeOf(player),
    },
  };
}

/** @param isAll also those that another platform stands for */
export function linkedProfilesAnswer(player: SandboxPlayer, isAll: boolean): object {
  const whole = player.profiles.filter(({ membership }) => membership.errorCode === undefined);
  const shown = whole.filter((profile) => isAll || !player.isOverridden(profile));
  return {
    profiles: shown.map((profile) => ({
      dateLastPlayed: new Date(profile.life.lastPlayedMs).toISOString(),
      isOverridden: player.isOverridden(profile),
      isCrossSavePrimary: player.options.crossSave === profile.membership.type,
      ...userInfoCard(profile),
    })),
    bnetMembership: {
      supplementalDisplayName: `${displayNameOf(player)}#${codeOf(player)}`,
      iconPath: iconOf(`avatar/${player.name}`),
      crossSaveOverride: 0,
      isPublic: false,
      membershipType: 254,
      membershipId: player.bungieMembershipId,
      displayName: displayNameOf(player),
      bungieGlobalDisplayName: displayNameOf(player),
      bungieGlobalDisplayNameCode: codeOf(player),
    },
    profilesWithErrors: player.profiles
      .filter(({ membership }) => membership.errorCode !== undefined)
      .map((profile) => ({ errorCode: profile.membership.errorCode, infoCard: userInfoCard(profile) })),
  };
}

export function userInfoCard(profile: SandboxProfile): object {
  const { player, membership, membershipId } = profile;
  const { crossSave } = player.options;
  const others = player.profiles.map((one) => one.membership.type).filter((type) => type !== membership.type);
  const standsFor = crossSave === membership.type ? [membership.type, ...others] : [membership.type];
  // Without cross-save a card that is overridden points to another platform: the account's first other one, else PlayStation.
  const override = crossSave ?? (membership.isOverridden === true ? (others[0] ?? 2) : 0);
  return {
    iconPath: iconOf(`platform/${membership.type}`),
    crossSaveOverride: override,
    applicableMembershipTypes: player.isOverridden(profile) ? [] : standsFor,
    isPublic: !player.isPrivate,
    membershipType: membership.type,
    membershipId,
    displayName: displayNameOf(player),
    bungieGlobalDisplayName: displayNameOf(player),
    bungieGlobalDisplayNameCode: codeOf(player),
  };
}

function displayNameOf({ name }: SandboxPlayer): string {
  return `Sandbox ${name}`;
}

/** Four digits, as the game has them. */
function codeOf({ number }: SandboxPlayer): number {
  return 1 + (number % 9_999);
}
