// Numbers of changes are given before their transactions end, so a lower one may become visible after a higher one. Whoever follows by the
// highest number it has seen would miss it for ever. So numbers count as read for good only once every transaction has ended that was
// open when they were seen; until then they are read again.

/** What the database says of itself with each reading. */
export interface ReadingMoment {
  /** Every transaction below has ended. */
  readonly oldestOpen: bigint;
  /** Whatever had begun to write by then has a lower number. Not `pg_snapshot_xmax`, which is only behind the last one that has ended. */
  readonly nextToBegin: bigint;
}

export class ChangeHorizon {
  private waiting: { readonly upTo: bigint; readonly until: bigint } | undefined;
  private last: bigint;

  /** @param settled everything up to this number has been read, and nothing more will come below it */
  constructor(private settled: bigint) {
    this.last = settled;
  }

  /** What comes after this has to be read. */
  get after(): bigint {
    return this.settled;
  }

  /** Once every transaction below has ended, the next reading settles more; undefined = nothing waits. */
  get waitsFor(): bigint | undefined {
    return this.waiting?.until;
  }

  /** @param highest number that was read at that moment, if any */
  read(moment: ReadingMoment, highest: bigint | null): void {
    if (this.waiting !== undefined && moment.oldestOpen >= this.waiting.until) {
      this.settled = this.waiting.upTo;
      this.waiting = undefined;
    }
    if (highest !== null && highest > this.last) this.last = highest;
    if (this.waiting === undefined && this.last > this.settled)
      this.waiting = { upTo: this.last, until: moment.nextToBegin };
  }
}
