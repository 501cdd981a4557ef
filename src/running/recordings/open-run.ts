import type { SeqRange, SeqRanges } from './seq-ranges.js';

/** A client is told at most so many gaps at once; the others once these are filled. */
export const MOST_MISSING = 100;

/** What is stored for good: the client may forget everything up to `upTo`, and sends again what is missing. */
export interface FixAck {
  readonly runId: string;
  /** No fix up to this number is missing; 0 = the first one is. */
  readonly upTo: number;
  /** Gaps behind it, lowest first; at most {@link MOST_MISSING}. */
  readonly missing: readonly SeqRange[];
  /** Of those acknowledged now: how many were there already. */
  readonly duplicates: number;
  /** Of the duplicates: how many said something else under the same number. The first one stays. */
  readonly conflicts: number;
}

/** Why nothing more can be stored: the run was deleted, or the database refuses what came of it. */
export type LostRun = 'gone' | 'refused';

/**
 * A run to which a socket of this process sends. It knows what is there from the database and from its own commits; what another process
 * has stored meanwhile is missing here until the client sends it once more, so that nothing is acknowledged that is not there.
 */
export class OpenRun {
  constructor(
    readonly runId: string,
    readonly userId: string,
    readonly startedAtMs: number,
    private readonly ranges: SeqRanges,
    private readonly told: {
      readonly onAck: (ack: FixAck) => void;
      readonly onLost: (reason: LostRun) => void;
    },
  ) {}

  /** What may be acknowledged at this moment. */
  state(lastSeq: number | null = null): Pick<FixAck, 'upTo' | 'missing'> {
    return { upTo: this.ranges.upTo, missing: this.ranges.missing(lastSeq, MOST_MISSING) };
  }

  /** After the commit. */
  stored(seqs: readonly number[], duplicates: number, conflicts: number): void {
    for (const seq of seqs) this.ranges.add(seq);
    this.told.onAck({ runId: this.runId, ...this.state(), duplicates, conflicts });
  }

  lost(reason: LostRun): void {
    this.told.onLost(reason);
  }
}
