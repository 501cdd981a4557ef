// Who leads, told only when it is beyond the noise: a new leader has to be ahead by two seconds for five.

const CLEAR_S = 2;
const HELD_S = 5;

export interface LeadSnapshot {
  readonly isRunnerAhead: boolean | null;
  readonly claimedAhead: boolean | null;
  readonly claimedAtS: number;
}

export class LeadWatch {
  /** Null until somebody was clearly ahead. */
  private isRunnerAhead: boolean | null = null;
  private claimedAhead: boolean | null = null;
  private claimedAtS = 0;

  /** @param gapS above 0 = the runner is behind @returns the new leader, when there is one */
  observe(tS: number, gapS: number): { isRunnerAhead: boolean } | null {
    const claims = Math.abs(gapS) < CLEAR_S ? null : gapS < 0;
    if (claims === null || claims === this.isRunnerAhead) {
      this.claimedAhead = null;
      return null;
    }
    if (this.claimedAhead !== claims) {
      this.claimedAhead = claims;
      this.claimedAtS = tS;
    }
    if (tS - this.claimedAtS < HELD_S) return null;
    this.isRunnerAhead = claims;
    this.claimedAhead = null;
    return { isRunnerAhead: claims };
  }

  snapshot(): LeadSnapshot {
    const { isRunnerAhead, claimedAhead, claimedAtS } = this;
    return { isRunnerAhead, claimedAhead, claimedAtS };
  }

  restore(snapshot: LeadSnapshot): void {
    Object.assign(this, snapshot);
  }
}
