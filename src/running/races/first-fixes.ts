import type { Course } from './course.js';
import type { FixScatter } from './fix-scatter.js';
import { AT_LINE_M } from './line-rules.js';
import type { MapFix } from './motion.js';
import type { Beginning } from './pace-filter.js';
import { PaceModes } from './pace-modes.js';

// The moment of the start rests on a few fixes, which count for as much as their receiver can be trusted and as evenly as somebody turns out
// to run: that shows only later. So the first fixes are kept for a while and judged once more, each time with what is known by then.

/** Seconds since the first of them at which that is done. */
const JUDGED_AGAIN_S = [10, 20, 45, 90, 180, 360, 720, 1440] as const;
const KEPT_EVERY_S = 0.9;
/** So many are kept; beyond that every second one goes. */
const MOST_KEPT = 240;

export interface FirstFixesSnapshot {
  readonly fixes: readonly MapFix[];
  readonly everyS: number;
  readonly known: Beginning;
  readonly isAtLine: boolean;
  readonly judged: number;
}

/** A judgement of where somebody is, and whether they are seen to have crossed the start line in it. */
export interface Judgement {
  readonly modes: PaceModes;
  readonly hasCrossed: boolean;
}

export class FirstFixes {
  private fixes: MapFix[];
  private everyS: number;
  private judged: number;
  private readonly known: Beginning;
  private readonly isAtLine: boolean;

  constructor({ fixes, everyS, known, isAtLine, judged }: FirstFixesSnapshot) {
    this.fixes = [...fixes];
    this.everyS = everyS;
    this.known = known;
    this.isAtLine = isAtLine;
    this.judged = judged;
  }

  /** @param isAtLine whether they still have to cross the start line, or have only just */
  static from(fix: MapFix, known: Beginning, isAtLine: boolean): FirstFixes {
    return new FirstFixes({ fixes: [fix], everyS: KEPT_EVERY_S, known, isAtLine, judged: 0 });
  }

  /** No later fix changes what is known of the start. */
  get areSettled(): boolean {
    return this.judged === JUDGED_AGAIN_S.length;
  }

  /** @param modes the judgement so far @returns another one when it is time for it */
  observe(course: Course, fix: MapFix, scatter: FixScatter, modes: PaceModes): Judgement | null {
    if (fix.tS - this.fixes.at(-1)!.tS >= this.everyS) this.fixes.push(fix);
    if (this.fixes.length > MOST_KEPT) {
      this.fixes = this.fixes.filter((_, index) => index % 2 === 0);
      this.everyS *= 2;
    }
    if (fix.tS - this.fixes[0]!.tS < JUDGED_AGAIN_S[this.judged]!) return null;
    if (this.fixes.at(-1) !== fix) this.fixes.push(fix);
    this.judged += 1;
    return this.judge(course, scatter, modes);
  }

  judge(course: Course, scatter: FixScatter, since?: PaceModes): Judgement {
    const { fixes, known } = this;
    const modes = new PaceModes();
    modes.begin(known, scatter.noise, course);
    if (since !== undefined) modes.supposeLike(since);
    let hasCrossed = !this.isAtLine;
    let beforeS = fixes[0]!.tS;
    for (const fix of fixes) {
      const whiteM2 = scatter.whiteM2(fix.accuracyM);
      modes.predict(fix.tS - beforeS, scatter.noise);
      if (fix === fixes[0]) modes.updateFirst(course, known.readS, fix.xM, fix.yM, whiteM2);
      else modes.update(course, fix.xM, fix.yM, whiteM2);
      beforeS = fix.tS;
      if (hasCrossed) {
        if (this.isAtLine && course.alongAtTime(modes.mean[0]!) < AT_LINE_M) modes.stampWaiting(fix.tS);
      } else if (modes.mean[0]! >= 0) {
        hasCrossed = true;
        modes.stampStart(fix.tS);
      }
    }
    return { modes, hasCrossed };
  }

  snapshot(): FirstFixesSnapshot {
    const { fixes, everyS, known, isAtLine, judged } = this;
    return { fixes: [...fixes], everyS, known, isAtLine, judged };
  }
}
