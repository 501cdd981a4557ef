// What a process knows to be taken back, for a question that is asked with every request and must not wait. An entry is kept
// until every token that it concerns has ended by itself and no cache remembers it any more.

/** Longer than an access token lives (an hour at most) and than a verified one is remembered (ten minutes). */
export const KEPT_MS = 7_200_000;

/** What of a caller can be taken back. */
export interface Revocable {
  readonly id: string;
  readonly sessionId?: string;
  readonly keyId?: string;
  readonly identityId?: string;
  readonly tokenVersion?: number;
}

interface Entry {
  minTokenVersion: number;
  readonly addedAtMs: number;
}

/** Ids of sessions, keys, identities and accounts are of one kind (UUIDv7), so one map holds them all. */
export class Revoked {
  private entries = new Map<string, Entry>();

  get size(): number {
    return this.entries.size;
  }

  /** @param minTokenVersion of an account; what of others is there is void altogether */
  add(subjectId: string, minTokenVersion: number | null, nowMs: number): void {
    const version = Math.max(
      minTokenVersion ?? Infinity,
      this.entries.get(subjectId)?.minTokenVersion ?? -Infinity,
    );
    this.entries.set(subjectId, { minTokenVersion: version, addedAtMs: nowMs });
  }

  has(caller: Revocable): boolean {
    if (this.entries.size === 0) return false;
    const { sessionId, keyId, identityId } = caller;
    if (sessionId !== undefined && this.entries.has(sessionId)) return true;
    if (keyId !== undefined && this.entries.has(keyId)) return true;
    if (identityId !== undefined && this.entries.has(identityId)) return true;
    const account = this.entries.get(caller.id);
    return account !== undefined && (caller.tokenVersion ?? -Infinity) < account.minTokenVersion;
  }

  forgetOld(nowMs: number): void {
    for (const [subjectId, { addedAtMs }] of this.entries)
      if (nowMs - addedAtMs > KEPT_MS) this.entries.delete(subjectId);
  }
}
