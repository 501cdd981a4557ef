import { Injectable } from '@nestjs/common';
import { StartupError } from '../config/startup-error.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { DataKeysRepository } from './data-keys.repository.js';
import { KeyRing } from './key-ring.js';

/** Data keys per transaction. */
const PORTION = 500;

export interface RotationOptions {
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface RotationReport {
  /** Data keys that were wrapped anew by this run. */
  rewrapped: number;
  /** The key that wraps now. */
  kid: string;
  /** Other keys that still wrap something, with how much; empty: SECRETS_KEYS_OLD may go. */
  leftover: { kid: string; count: number }[];
}

/**
 * Wraps all data keys by the newest key of the installation, in portions of a transaction each: whoever dies leaves the rest to
 * the next run, two runs share the work, and one that finds nothing to do does nothing. Sealed values stay as they are.
 */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: DataKeysRepository,
    private readonly ring: KeyRing,
  ) {}

  /** Refuses to start where data keys could not be unwrapped. @throws StartupError */
  async assertKeysKnown(): Promise<void> {
    const kids = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listKids(tx));
    const missing = kids.filter((kid) => !this.ring.knows(kid));
    if (missing.length > 0) {
      throw new StartupError(
        `The database holds secrets under the key ${missing.join(', ')}, which is neither in SECRETS_KEY nor in SECRETS_KEYS_OLD; add it to SECRETS_KEYS_OLD.`,
      );
    }
  }

  /** Whether some data key is wrapped by another key than the newest. */
  async isDue(): Promise<boolean> {
    if (!this.ring.hasKey) return false;
    const kids = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listKids(tx));
    return kids.some((kid) => kid !== this.ring.kid);
  }

  /** @throws the signal's reason between two portions; what is done stays done */
  async rotate({ signal, onProgress }: RotationOptions = {}): Promise<RotationReport> {
    const total = sum(await this.leftover());
    let rewrapped = 0;
    for (;;) {
      signal?.throwIfAborted();
      const count = await this.rotatePortion();
      rewrapped += count;
      onProgress?.({ done: rewrapped, total: Math.max(total, rewrapped) });
      if (count < PORTION) break;
    }
    return { rewrapped, kid: this.ring.kid, leftover: await this.leftover() };
  }

  private rotatePortion(): Promise<number> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const others = (await this.rows.listKids(tx)).filter((kid) => kid !== this.ring.kid);
      if (others.length === 0) return 0;
      const rows = await this.rows.listWrappedBy(tx, others, PORTION);
      const wrapped = rows.map((row) => {
        const bytes = this.ring.unwrap(row);
        const anew = this.ring.wrap(row.userId, row.id, bytes);
        bytes.fill(0);
        return anew;
      });
      await this.rows.updateWrapped(tx, this.ring.kid, wrapped);
      return rows.length;
    });
  }

  private async leftover(): Promise<{ kid: string; count: number }[]> {
    const counts = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.countByKid(tx));
    return counts.filter(({ kid }) => kid !== this.ring.kid);
  }
}

function sum(counts: readonly { count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

/** What an operator does next, in one sentence. */
export function describeRotation({ rewrapped, kid, leftover }: RotationReport): string {
  const left = leftover.map((other) => `${other.count} under ${other.kid}`).join(', ');
  return leftover.length === 0
    ? `wrapped ${rewrapped} data keys by ${kid}; nothing needs an older key, SECRETS_KEYS_OLD may be emptied`
    : `wrapped ${rewrapped} data keys by ${kid}; keep SECRETS_KEYS_OLD, still in use: ${left}`;
}
