// A refresh token works once. Sent a second time it has been copied, or the answer to the first time was lost on its way; nobody
// can tell which, so for a short while the parent of the current token gets the current one again, never a branch of its own.
// Whatever is older was copied: then the session ends, for the thief as for the owner, who signs in again.

/** How long the parent is answered with the current token. */
export const GRACE_MS = 10_000;

/** What is known of a token that was sent, by comparing it with its session. */
export interface PresentedToken {
  isCurrent: boolean;
  isParent: boolean;
  /** It was made by us for this session, whatever its age. */
  isOurs: boolean;
  /** Milliseconds since the current token took the place of its parent; null before the first rotation. */
  rotatedAgoMs: number | null;
}

/** `rotate`: a new token. `repeat`: the current one again. `reuse`: the session ends. `unknown`: nothing happens. */
export type RefreshVerdict = 'rotate' | 'repeat' | 'reuse' | 'unknown';

export function judgeRefresh(token: PresentedToken): RefreshVerdict {
  if (!token.isOurs) return 'unknown';
  if (token.isCurrent) return 'rotate';
  const isInGrace = token.rotatedAgoMs !== null && token.rotatedAgoMs <= GRACE_MS;
  return token.isParent && isInGrace ? 'repeat' : 'reuse';
}
