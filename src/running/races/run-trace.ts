import { usableFixes } from '../ghosts/moving-path.js';
import type { Pause, Track } from '../geo/track.js';
import type { Course } from './course.js';
import { FixScatter } from './fix-scatter.js';
import { BEGAN_HERE_M } from './line-rules.js';
import { type MapFix, MotionWindow } from './motion.js';
import { alignRun } from './run-alignment.js';
import { type Piece, reachOf, smoothPiece } from './run-smoother.js';
import { StartGate } from './start-gate.js';

// A whole run on a course: where it was at each moment, judged from everything that was recorded.

export interface TracePoint {
  /** Seconds since the run's first point, and of those the ones in which the watch ran. */
  readonly tS: number;
  readonly movedS: number;
  /** The line's time at the place. */
  readonly ghostS: number;
  readonly sdS: number;
  readonly pace: number;
}

export interface RunTrace {
  /** On the line, in order of time; parts that were run beside it are missing. */
  readonly points: readonly TracePoint[];
  /** Indices of points before which the runner was beside the line or left a part of it out. */
  readonly breaks: ReadonlySet<number>;
}

/** So many seconds beside the line are an error of the receiver. */
const OFF_S = 5;
/** A piece with fewer fixes tells nothing. */
const FEWEST_FIXES = 5;
/** What was smoothed and lies further from where it was aligned to is not believed. */
const ASTRAY_M = 60;

/** @returns null when the run did not start at the course's line in its direction */
export function traceRun(track: Track, pauses: readonly Pause[], course: Course): RunTrace | null {
  const all = mapFixes(track, pauses, course);
  const began = findStart(all, course);
  if (began === null) return null;
  const run = all.slice(began.index);
  const fixes = run.map(({ fix }) => fix);
  const movedS = Float64Array.from(run, ({ movedS: moved }) => moved);
  const { alongM, isOff, isJump } = alignRun(course, fixes, movedS);
  const scatter = learn(course, fixes, alongM, isOff);
  const points: TracePoint[] = [];
  const breaks = new Set<number>();
  for (const stretch of piecesOf(run, isOff, isJump)) {
    if (points.length > 0) breaks.add(points.length);
    for (let rest = stretch; rest.length > 0;) {
      const isFirst = points.length === 0;
      const alignedS = Float64Array.from(rest, (index) => course.timeAtAlong(alongM[index]!));
      const whole: Piece = {
        fixes: rest.map((index) => fixes[index]!),
        movedS: Float64Array.from(rest, (index) => movedS[index]!),
        isResumed: Uint8Array.from(rest, (index) => (run[index]!.isResumed ? 1 : 0)),
        firstGhostS: isFirst ? course.timeAtAlong(began.alongM) : alignedS[0]!,
        lastGhostS: alignedS.at(-1)!,
        startSdS: began.isHere && isFirst ? BEGAN_HERE_M / course.meanMps : null,
      };
      const reach = reachOf(course, whole, alignedS, scatter);
      const smooth = smoothPiece(course, upTo(whole, reach, alignedS), scatter);
      for (let at = 0; at < reach; at += 1) {
        const isAstray = Math.abs(smooth.ghostS[at]! - alignedS[at]!) * course.meanMps > ASTRAY_M;
        points.push({
          tS: whole.fixes[at]!.tS,
          movedS: whole.movedS[at]!,
          ghostS: isAstray ? alignedS[at]! : smooth.ghostS[at]!,
          sdS: isAstray ? ASTRAY_M / course.meanMps : smooth.sdS[at]!,
          pace: smooth.pace[at]!,
        });
      }
      rest = rest.slice(reach);
    }
  }
  return { points, breaks };
}

function upTo(piece: Piece, reach: number, alignedS: Float64Array): Piece {
  return {
    ...piece,
    fixes: piece.fixes.slice(0, reach),
    movedS: piece.movedS.slice(0, reach),
    isResumed: piece.isResumed.slice(0, reach),
    lastGhostS: alignedS[reach - 1]!,
  };
}

interface RunFix {
  readonly fix: MapFix;
  readonly movedS: number;
  /** The watch was stopped before it. */
  readonly isResumed: boolean;
}

/** Fixes that count, outside of pauses. */
function mapFixes(track: Track, pauses: readonly Pause[], { plane }: Course): RunFix[] {
  const ordered = [...pauses].sort((a, b) => a.fromMs - b.fromMs);
  const found: RunFix[] = [];
  let [next, pausedMs, isResumed] = [0, 0, false];
  for (const index of usableFixes(track)) {
    const tMs = track.tMs[index]!;
    while (next < ordered.length && ordered[next]!.toMs <= tMs) {
      pausedMs += ordered[next]!.toMs - ordered[next]!.fromMs;
      isResumed = true;
      next += 1;
    }
    if (next < ordered.length && ordered[next]!.fromMs < tMs) continue;
    const accuracyM = track.accuracyM?.[index];
    found.push({
      fix: {
        tS: tMs / 1000,
        xM: plane.x(track.lonDeg[index]!),
        yM: plane.y(track.latDeg[index]!),
        accuracyM: accuracyM === undefined || Number.isNaN(accuracyM) ? null : accuracyM,
        speedMps: null,
      },
      movedS: (tMs - pausedMs) / 1000,
      isResumed,
    });
    isResumed = false;
  }
  return found;
}

function findStart(
  run: readonly RunFix[],
  course: Course,
): { index: number; alongM: number; isHere: boolean } | null {
  const gate = new StartGate(course);
  const window = new MotionWindow();
  for (const { fix } of run) {
    const found = gate.observe(fix, window.observe(fix.tS, fix.xM, fix.yM));
    if (found === null) continue;
    const [first] = found.since;
    return {
      index: run.findIndex(({ fix: other }) => other === first),
      alongM: found.fromM,
      isHere: found.beganHere,
    };
  }
  return null;
}

function learn(
  course: Course,
  fixes: readonly MapFix[],
  alongM: Float64Array,
  isOff: Uint8Array,
): FixScatter {
  const scatter = new FixScatter();
  const place = { xM: 0, yM: 0 };
  alongM.forEach((along, index) => {
    const fix = fixes[index]!;
    if (isOff[index] === 1 || along <= 0 || along >= course.lengthM) return;
    const heading = course.headingAt(along);
    course.placeAtTime(course.timeAtAlong(along), place);
    const acrossM = (fix.yM - place.yM) * heading.east - (fix.xM - place.xM) * heading.north;
    scatter.observe(fix.tS, acrossM, heading);
  });
  return scatter;
}

/** Stretches on the line: cut where it was left for longer than a receiver errs, and where a part of it was left out. */
function piecesOf(run: readonly RunFix[], isOff: Uint8Array, isJump: Uint8Array): number[][] {
  const pieces: number[][] = [];
  let open: number[] = [];
  const close = (): void => {
    if (open.length >= FEWEST_FIXES) pieces.push(open);
    open = [];
  };
  isOff.forEach((off, index) => {
    const last = open.at(-1);
    if (isJump[index] === 1) close();
    if (off === 1) {
      if (last !== undefined && run[index]!.movedS - run[last]!.movedS > OFF_S) close();
      return;
    }
    open.push(index);
  });
  close();
  return pieces;
}
