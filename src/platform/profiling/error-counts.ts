import type { ErrorDescription } from './error-fingerprint.js';
import { type ErrorCount, SAMPLES } from './performance-log.repository.js';

/** Different faults remembered between two writes. */
const MOST_GROUPS = 500;

/** Unknown errors since the last write, one entry per fault. */
export class ErrorCounts {
  private groups = new Map<string, ErrorCount>();
  /** Errors of which nothing is kept, because there were too many kinds at once. */
  dropped = 0;

  add(error: ErrorDescription, requestId: string | undefined, atMs: number): void {
    const requestIds = requestId === undefined ? [] : [requestId];
    this.merge({ ...error, firstMs: atMs, lastMs: atMs, count: 1, requestIds });
  }

  get size(): number {
    return this.groups.size;
  }

  /** @returns everything, ascending by fingerprint; from here on it is the caller's */
  take(): ErrorCount[] {
    const taken = [...this.groups.values()];
    this.groups = new Map();
    return taken.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  }

  /** For what was taken and could not be written. */
  giveBack(errors: readonly ErrorCount[]): void {
    const since = this.groups;
    this.groups = new Map(errors.map((error) => [error.fingerprint, error]));
    for (const error of since.values()) this.merge(error);
  }

  private merge(added: ErrorCount): void {
    const known = this.groups.get(added.fingerprint);
    if (known) {
      known.lastMs = Math.max(known.lastMs, added.lastMs);
      known.count += added.count;
      known.requestIds = [...known.requestIds, ...added.requestIds].slice(-SAMPLES);
    } else if (this.groups.size < MOST_GROUPS) {
      this.groups.set(added.fingerprint, added);
    } else {
      this.dropped += added.count;
    }
  }
}
