// A rival of a group race as a moving ghost: where somebody was along the course, and when, counted from their own crossing of the start
// line. It grows with every position that is told, at about one a second; between two of them the pace is even.

/** The course so far of one runner. Places only grow: what falls behind is the receiver's error. */
export class RivalTrail {
  private readonly alongM: number[] = [];
  private readonly clockS: number[] = [];

  /** Told in any order; what is not further and later than the last is passed over. */
  push(alongM: number, clockS: number): void {
    const last = this.alongM.length - 1;
    if (last >= 0 && !(alongM > this.alongM[last]! && clockS > this.clockS[last]!)) return;
    this.alongM.push(alongM);
    this.clockS.push(clockS);
  }

  /** Where the runner was seen last; null = nowhere yet. */
  get last(): { readonly alongM: number; readonly clockS: number } | null {
    const index = this.alongM.length - 1;
    return index < 0 ? null : { alongM: this.alongM[index]!, clockS: this.clockS[index]! };
  }

  /** When the runner passed a place; null where nobody here saw it. */
  clockAt(placeM: number): number | null {
    const { alongM, clockS } = this;
    const last = alongM.length - 1;
    if (last < 0 || placeM < alongM[0]! || placeM > alongM[last]!) return null;
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (alongM[middle]! < placeM) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return clockS[0]!;
    const share = (placeM - alongM[low - 1]!) / (alongM[low]! - alongM[low - 1]!);
    return clockS[low - 1]! + share * (clockS[low]! - clockS[low - 1]!);
  }
}

export interface RivalGap {
  /** Seconds; positive = I am behind. Null where the place was not seen. */
  readonly gapS: number | null;
  /** Metres by which the rival is further along than I am. */
  readonly gapM: number;
}

/**
 * Behind: how much later than the rival I came to where I am. Ahead: how much later the rival will have come to where they are now.
 * @returns null while one of the two has not started
 */
export function gapToRival(mine: RivalTrail, theirs: RivalTrail): RivalGap | null {
  const [me, rival] = [mine.last, theirs.last];
  if (me === null || rival === null) return null;
  const gapM = rival.alongM - me.alongM;
  if (gapM >= 0) {
    const passed = theirs.clockAt(me.alongM);
    return { gapM, gapS: passed === null ? null : me.clockS - passed };
  }
  const passed = mine.clockAt(rival.alongM);
  return { gapM, gapS: passed === null ? null : passed - rival.clockS };
}
