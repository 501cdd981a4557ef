import type { GrantRow } from '../members/grants.repository.js';
import type { MemberRow } from '../members/members.repository.js';
import type { SecretRow } from '../secrets/secrets.repository.js';
import type { ViewerDto, ViewReason } from './objects.dto.js';
import { isForParty } from './object-kinds.js';
import type { ObjectRow } from './objects.repository.js';

/** Whether a member sees an object, and why: what the policies of tabletop.object say, in words. A test holds the two against each other. */
export function viewerOf(
  member: MemberRow,
  object: Pick<ObjectRow, 'visibility' | 'shownTo' | 'ownerId'>,
  grants: readonly GrantRow[],
  secrets: readonly Pick<SecretRow, 'field' | 'shownTo'>[],
  now: Date,
): ViewerDto {
  const { userId, role, displayName } = member;
  const grant = grants.find((one) => one.userId === userId && one.expiresAt > now);
  const isOwner = object.ownerId === userId;
  const because: ViewReason[] = [
    ...(role === 'gm' ? ['gm' as const] : []),
    ...(isOwner ? ['owner' as const] : []),
    ...(isForParty(object.visibility) ? ['visibility' as const] : []),
    ...(object.shownTo.includes(userId) ? ['shown' as const] : []),
    ...(grant ? ['grant' as const] : []),
  ];
  return {
    userId,
    displayName,
    canSee: because.length > 0,
    canWrite: role === 'gm' || (isOwner && role === 'player') || grant?.level === 'write',
    because,
    until: because.length === 1 && grant ? grant.expiresAt.toISOString() : null,
    secrets: secrets
      .filter(({ shownTo }) => role === 'gm' || shownTo.includes(userId))
      .map(({ field }) => field),
  };
}
