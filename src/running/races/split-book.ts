import { lengthOf, type GhostCurve } from '../ghosts/ghost-curve.js';
import { ghostSecondsAt } from './ghost-gap.js';
import type { Passing } from './race-lane.js';
import type { RaceSplit } from './race-update.js';

// Kilometre by kilometre against one ghost: how long each took, who was faster, and what it adds up to.

export class SplitBook {
  private number = 0;
  private lastM = 0;
  private lastRunnerS = 0;
  private lastGhostS = 0;

  constructor(
    private readonly ghostId: string,
    private readonly curve: GhostCurve,
    private readonly clock: 'elapsed' | 'moving',
  ) {}

  /** A race that was joined behind its start counts from there. */
  beginAt(alongM: number, runnerS: number): void {
    this.lastM = alongM;
    this.lastRunnerS = runnerS;
    this.lastGhostS = ghostSecondsAt(this.curve, alongM, this.clock);
  }

  /** @returns null for a place behind this ghost's finish */
  pass({ alongM, elapsedS, movingS }: Passing): RaceSplit | null {
    const lengthM = lengthOf(this.curve);
    if (alongM > lengthM + 1 || alongM <= this.lastM) return null;
    const atM = Math.min(alongM, lengthM);
    const totalS = this.clock === 'elapsed' ? elapsedS : movingS;
    const ghostTotalS = ghostSecondsAt(this.curve, atM, this.clock);
    const runnerS = totalS - this.lastRunnerS;
    const ghostS = ghostTotalS - this.lastGhostS;
    this.number += 1;
    const split = {
      ghostId: this.ghostId,
      number: this.number,
      fromM: this.lastM,
      distanceM: atM,
      runnerS,
      ghostS,
      differenceS: runnerS - ghostS,
      cumulativeS: totalS - ghostTotalS,
    };
    [this.lastM, this.lastRunnerS, this.lastGhostS] = [atM, totalS, ghostTotalS];
    return split;
  }

  snapshot(): number[] {
    return [this.number, this.lastM, this.lastRunnerS, this.lastGhostS];
  }

  restore([number, lastM, lastRunnerS, lastGhostS]: readonly number[]): void {
    [this.number, this.lastM, this.lastRunnerS, this.lastGhostS] = [
      number!,
      lastM!,
      lastRunnerS!,
      lastGhostS!,
    ];
  }
}
