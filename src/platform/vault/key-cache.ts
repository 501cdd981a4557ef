// Data keys in clear, for a short time and a few users at once, so that reading a secret does not ask for its key again. What
// leaves the cache is overwritten. The time bounds how long a process goes on opening what was crypto-erased elsewhere if it is not told.

interface Entry {
  userId: string;
  bytes: Buffer;
  expiresAtMs: number;
}

export class KeyCache {
  /** By the key's id, oldest first. */
  private readonly entries = new Map<string, Entry>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly limits: { maxKeys: number; keepMs: number },
    private readonly now: () => number,
  ) {}

  /** A copy that belongs to the caller. */
  find(keyId: string, userId: string): Buffer | undefined {
    const entry = this.entries.get(keyId);
    if (entry?.userId !== userId) return undefined;
    if (entry.expiresAtMs > this.now()) return Buffer.from(entry.bytes);
    this.drop(keyId, entry);
    return undefined;
  }

  /** Keeps a copy. */
  put(keyId: string, userId: string, bytes: Buffer): void {
    const before = this.entries.get(keyId);
    if (before) this.drop(keyId, before);
    this.entries.set(keyId, {
      userId,
      bytes: Buffer.from(bytes),
      expiresAtMs: this.now() + this.limits.keepMs,
    });
    for (const [id, entry] of this.entries) {
      if (this.entries.size <= this.limits.maxKeys && entry.expiresAtMs > this.now()) break;
      this.drop(id, entry);
    }
  }

  forget(userId: string): void {
    for (const [id, entry] of this.entries) if (entry.userId === userId) this.drop(id, entry);
  }

  clear(): void {
    for (const [id, entry] of this.entries) this.drop(id, entry);
  }

  private drop(id: string, entry: Entry): void {
    entry.bytes.fill(0);
    this.entries.delete(id);
  }
}
