import type { Principal } from './principal.js';

interface Entry {
  readonly principal: Principal;
  readonly endsAtMs: number;
}

/** A token is verified anew after this long, however long it lives: what is taken back meanwhile may be forgotten by then. */
export const CACHED_FOR_MS = 600_000;

/**
 * Verified Authorization headers, least recently used first out. Bounded by their number and by their characters, so that
 * neither many tokens nor long ones fill the memory. A guess never gets in.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private characters = 0;

  constructor(
    private readonly maxEntries = 10_000,
    private readonly maxCharacters = 16_777_216,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  find(header: string, nowMs: number): Principal | undefined {
    const entry = this.entries.get(header);
    if (entry === undefined) return undefined;
    this.entries.delete(header);
    if (entry.endsAtMs <= nowMs) {
      this.characters -= header.length;
      return undefined;
    }
    this.entries.set(header, entry); // a Map keeps the order of insertion: now it is the newest
    return entry.principal;
  }

  add(header: string, principal: Principal, nowMs: number): void {
    this.remove(header);
    const endsAtMs = Math.min(principal.expiresAtMs ?? Infinity, nowMs + CACHED_FOR_MS);
    this.entries.set(header, { principal, endsAtMs });
    this.characters += header.length;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries && this.characters <= this.maxCharacters) return;
      this.remove(oldest);
    }
  }

  clear(): void {
    this.entries.clear();
    this.characters = 0;
  }

  remove(header: string): void {
    if (this.entries.delete(header)) this.characters -= header.length;
  }
}
