// The runner's two clocks: elapsed, and without the time for which the watch was stopped.

export interface LaneClockSnapshot {
  readonly pausedS: number;
  readonly pausedAtS: number | null;
}

export class LaneClock {
  private pausedS = 0;
  private pausedAtS: number | null = null;

  get isPaused(): boolean {
    return this.pausedAtS !== null;
  }

  pause(atS: number): void {
    this.pausedAtS ??= atS;
  }

  resume(atS: number): void {
    if (this.pausedAtS !== null) this.pausedS += Math.max(0, atS - this.pausedAtS);
    this.pausedAtS = null;
  }

  /** Pauses before the start are none of the race. */
  begin(): void {
    this.pausedS = 0;
  }

  /** Seconds of pauses until a moment. */
  pausedUntil(atS: number): number {
    return this.pausedS + (this.pausedAtS === null ? 0 : Math.max(0, atS - this.pausedAtS));
  }

  snapshot(): LaneClockSnapshot {
    return { pausedS: this.pausedS, pausedAtS: this.pausedAtS };
  }

  restore({ pausedS, pausedAtS }: LaneClockSnapshot): void {
    this.pausedS = pausedS;
    this.pausedAtS = pausedAtS;
  }
}
