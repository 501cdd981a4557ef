// How far somebody has run, fix by fix, where there is no route to hold it against. Adding up the ways between neighbouring fixes adds up their
// errors (3 to 22 % were measured, running.md 4.3). So chords of ten metres are added up, and each is shortened by what errors across it
// lengthen it on average: how large those are shows in how much consecutive chords zigzag. A bend turns all of them the same way, so it is
// the change of the turn that counts. A receiver that measures its own speed is believed instead.

const CHORD_M = 10;
const KEPT_BENDS = 40;
const FEWEST_BENDS = 6;
/** Of a normal distribution: standard deviation over median of the absolute value. */
const SD_PER_MEDIAN = 1.4826;
/** A chord is not shortened to less than this. */
const LEAST_RATIO = 0.9;
/** Without fixes for longer, a speed of the receiver says nothing of the time between. */
const MOST_SPEED_GAP_S = 5;

type Anchor = [tS: number, xM: number, yM: number];

export interface DistanceMeterSnapshot {
  readonly doneM: number;
  readonly openM: number;
  readonly anchor: Anchor | null;
  readonly before: Anchor | null;
  readonly last: Anchor | null;
  readonly bendM: number | null;
  readonly changes: number[];
  readonly spedM: number;
  readonly isSped: boolean;
}

export class DistanceMeter {
  private doneM = 0;
  private openM = 0;
  private anchor: Anchor | null = null;
  private before: Anchor | null = null;
  private last: Anchor | null = null;
  private bendM: number | null = null;
  private changes: number[] = [];
  /** Metres since the anchor by the receiver's speed, and whether every fix since had one. */
  private spedM = 0;
  private isSped = true;

  /** Metres so far; never falls. */
  get distanceM(): number {
    return this.doneM + this.openM;
  }

  /** @param speedMps by the receiver; null = not told */
  observe(tS: number, xM: number, yM: number, speedMps: number | null): void {
    const { last, anchor } = this;
    const here: Anchor = [tS, xM, yM];
    this.last = here;
    if (anchor === null || last === null) {
      this.anchor = here;
      return;
    }
    const dtS = tS - last[0];
    if (speedMps !== null && speedMps >= 0 && dtS <= MOST_SPEED_GAP_S) this.spedM += speedMps * dtS;
    else this.isSped = false;
    const chordM = Math.hypot(xM - anchor[1], yM - anchor[2]);
    const wayM = this.isSped ? this.spedM : this.shortened(chordM);
    this.openM = Math.max(this.openM, wayM);
    if (chordM < CHORD_M) return;
    this.bend(here);
    this.doneM += this.openM;
    this.openM = 0;
    [this.before, this.anchor] = [anchor, here];
    this.restart();
  }

  /** From here on. */
  reset(): void {
    this.interrupt();
    this.doneM = 0;
  }

  /** The watch was stopped: what lies between is no way. */
  interrupt(): void {
    this.doneM += this.openM;
    this.openM = 0;
    this.anchor = this.before = this.last = this.bendM = null;
    this.restart();
  }

  snapshot(): DistanceMeterSnapshot {
    const { doneM, openM, anchor, before, last, bendM, changes, spedM, isSped } = this;
    return { doneM, openM, anchor, before, last, bendM, changes: [...changes], spedM, isSped };
  }

  restore(snapshot: DistanceMeterSnapshot): void {
    Object.assign(this, snapshot, { changes: [...snapshot.changes] });
  }

  private restart(): void {
    this.spedM = 0;
    this.isSped = true;
  }

  /** Without what errors across it add to a chord: the hypotenuse without its shorter side. */
  private shortened(chordM: number): number {
    if (this.changes.length < FEWEST_BENDS) return chordM;
    const median = this.changes.toSorted((a, b) => a - b)[this.changes.length >> 1]!;
    // With steps of variance s^2 across, the change of the bend has 1.5 s^2.
    const across2 = (SD_PER_MEDIAN * median) ** 2 / 1.5;
    return Math.sqrt(Math.max((LEAST_RATIO * chordM) ** 2, chordM * chordM - across2));
  }

  /** How far the last anchor lies beside the chord over it. */
  private bend(here: Anchor): void {
    const { before, anchor } = this;
    if (before === null || anchor === null) return;
    const [chordX, chordY] = [here[1] - before[1], here[2] - before[2]];
    const lengthM = Math.hypot(chordX, chordY);
    // Turned back: no bend of a road, and no error.
    if (lengthM < CHORD_M) {
      this.bendM = null;
      return;
    }
    const bendM = (chordX * (anchor[2] - before[2]) - chordY * (anchor[1] - before[1])) / lengthM;
    if (this.bendM !== null) {
      this.changes.push(Math.abs(bendM - this.bendM));
      if (this.changes.length > KEPT_BENDS) this.changes.shift();
    }
    this.bendM = bendM;
  }
}
