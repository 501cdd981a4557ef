import { FixScatter } from './fix-scatter.js';
import type { MapFix } from './motion.js';
import {
  type Beginning,
  FILTER_SIZE,
  type FixNoise,
  GHOST,
  PACE,
  PaceFilter,
  type Place,
  type PlaceByTime,
  STATE_SIZE,
} from './pace-filter.js';
import { PaceModes } from './pace-modes.js';

// The same judgement as live (pace-filter.ts), of a whole piece of a run at once: each place by what came before and after it. How evenly somebody
// ran at each moment is judged by modes that go through the piece in both directions; with that, one filter goes through it forwards
// and is drawn together backwards (Rauch, Tung and Striebel 1965).

/** A stretch of the run without jumps, on the line all along. */
export interface Piece {
  readonly fixes: readonly MapFix[];
  /** Seconds of the runner's moving clock at each. */
  readonly movedS: Float64Array;
  /** Fixes before which the watch was stopped. */
  readonly isResumed: Uint8Array;
  /** The line's time at the first and the last fix, about. */
  readonly firstGhostS: number;
  readonly lastGhostS: number;
  /** Seconds within which the first fix lies at the start line, whatever it says (standard deviation); null = it may be anywhere. */
  readonly startSdS: number | null;
}

/** What a filter asks of a course. */
type Line = PlaceByTime & { speedAtTime(ghostS: number): number };

export interface SmoothPiece {
  readonly ghostS: Float64Array;
  readonly pace: Float64Array;
  /** Standard deviation of `ghostS`. */
  readonly sdS: Float64Array;
}

const SIZE = STATE_SIZE;
const FIRST_PACE_SD = 0.3;
const JITTER = 1e-3;
const RESUMED_M = 10;
/** A mode that is less likely than this is not why somebody moved. */
const LEAST_SHARE = 0.02;
const MOST_DRIFT = 0.25;
const ASTRAY_M = 30;

export function smoothPiece(line: Line, piece: Piece, scatter: FixScatter): SmoothPiece {
  const { drift, moves } = suppositionsOf(line, piece, scatter);
  const movedS = (index: number): number =>
    moves[index]! * Math.max(0, piece.movedS[index]! - piece.movedS[index - 1]!);
  const length = piece.fixes.length;
  const filter = new PaceFilter(new Float64Array(FILTER_SIZE));
  const means = new Float64Array(length * SIZE);
  const covariances = new Float64Array(length * SIZE * SIZE);
  const ahead: { mean: Float64Array; covariance: Float64Array }[] = [];
  piece.fixes.forEach((fix, index) => {
    const whiteM2 = scatter.whiteM2(fix.accuracyM);
    if (index === 0) {
      filter.begin(beginningAt(piece.firstGhostS, piece.startSdS), scatter.noise, line);
      // The moment of the start is read from the finished curve, not held as a part of the state.
      filter.setStart(0, 1e-4);
      filter.updateFirst(line, piece.firstGhostS, fix.xM, fix.yM, whiteM2);
    } else {
      const dtS = Math.max(0, piece.movedS[index]! - piece.movedS[index - 1]!);
      const doubt = moves[index]! * (1 - moves[index]!) * (filter.mean[PACE]! * dtS) ** 2;
      const mostDrift = Math.min(drift[index]!, MOST_DRIFT / Math.max(dtS, 1));
      filter.predict(dtS, scatter.noise, mostDrift, JITTER + doubt / Math.max(dtS, 1e-3), movedS(index));
      if (piece.isResumed[index] === 1) {
        filter.forgetError(scatter.noise, RESUMED_M / line.speedAtTime(filter.mean[GHOST]!));
      }
      ahead[index] = { mean: filter.mean.slice(), covariance: filter.covariance.slice() };
      filter.update(line, fix.xM, fix.yM, whiteM2);
    }
    means.set(filter.mean, index * SIZE);
    covariances.set(filter.covariance, index * SIZE * SIZE);
  });
  drawTogether(piece, movedS, means, covariances, ahead, scatter.noise);
  const column = (read: (index: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, index) => read(index));
  return {
    ghostS: column((index) => means[index * SIZE + GHOST]!),
    pace: column((index) => moves[index]! * means[index * SIZE + PACE]!),
    sdS: column((index) => Math.sqrt(Math.max(0, covariances[index * SIZE * SIZE]!))),
  };
}

/**
 * How many fixes of a piece can be judged in one go: until a filter that goes through them finds itself far from where they were aligned to
 * (somebody stood while nothing was recorded, say). The next one starts anew.
 * @param alignedS the line's time at each fix by the alignment
 */
export function reachOf(line: Line, piece: Piece, alignedS: Float64Array, scatter: FixScatter): number {
  const modes = new PaceModes();
  const { fixes, movedS } = piece;
  for (let index = 0; index < fixes.length; index += 1) {
    takeFix(modes, line, piece, index, piece.firstGhostS, scatter);
    const speed = line.speedAtTime(alignedS[index]!);
    const awayM = Math.abs(modes.mean[GHOST]! - alignedS[index]!) * speed;
    const openM = ASTRAY_M + 2 * scatter.noise.sdM;
    if (index > 0 && awayM > openM && movedS[index]! > movedS[0]!) return index;
  }
  return fixes.length;
}

function takeFix(
  modes: PaceModes,
  line: PlaceByTime,
  { fixes, movedS }: Pick<Piece, 'fixes' | 'movedS'>,
  index: number,
  firstGhostS: number,
  scatter: FixScatter,
): void {
  const fix = fixes[index]!;
  const whiteM2 = scatter.whiteM2(fix.accuracyM);
  if (index === 0) {
    modes.begin(beginningAt(firstGhostS, null), scatter.noise, line);
    modes.updateFirst(line, firstGhostS, fix.xM, fix.yM, whiteM2);
    return;
  }
  modes.predict(movedS[index]! - movedS[index - 1]!, scatter.noise);
  modes.update(line, fix.xM, fix.yM, whiteM2);
}

function beginningAt(readS: number, startSdS: number | null): Beginning {
  const ghostS = startSdS === null ? readS : 0;
  return { ghostS, pace: 1, paceSd: FIRST_PACE_SD, startS: 0, spreadS: startSdS, readS };
}

/**
 * What is supposed of the time before each fix, by modes that know what came before, and modes that know what comes after: how much the pace may
 * have changed, and which share of it they were under way.
 */
function suppositionsOf(
  line: PlaceByTime,
  piece: Piece,
  scatter: FixScatter,
): { drift: Float64Array; moves: Float64Array } {
  const { fixes, movedS, firstGhostS, lastGhostS } = piece;
  const length = fixes.length;
  const forwards = weightsOf(line, fixes, movedS, firstGhostS, scatter);
  const turned: PlaceByTime = { placeAtTime: (ghostS: number, out: Place) => line.placeAtTime(-ghostS, out) };
  const backS = Float64Array.from({ length }, (_, index) => -movedS[length - 1 - index]!);
  const backwards = weightsOf(turned, fixes.toReversed(), backS, -lastGhostS, scatter);
  const { usual } = PaceModes;
  const drift = new Float64Array(length);
  const moves = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const [before, after] = [forwards[Math.max(0, index - 1)]!, backwards[length - 1 - index]!];
    // Either may notice a change only some seconds after it, each in its own direction; both together have it where it was.
    // Both suppose the same beforehand, which counts once.
    const shares = before.map(
      (weight, mode) => (weight * after[mode]! + 1e-3 * Math.min(weight, after[mode]!)) / usual[mode]!,
    );
    const sum = shares.reduce((all, share) => all + share, 0);
    moves[index] = 1 - shares[PaceModes.standing]! / sum;
    drift[index] = shares.reduce(
      (all, share, mode) => (share / sum > LEAST_SHARE ? all + (share / sum) * PaceModes.driftOf(mode) : all),
      0,
    );
  }
  return { drift, moves };
}

function weightsOf(
  line: PlaceByTime,
  fixes: readonly MapFix[],
  movedS: Float64Array,
  ghostS: number,
  scatter: FixScatter,
): number[][] {
  const modes = new PaceModes();
  return fixes.map((_, index) => {
    takeFix(modes, line, { fixes, movedS }, index, ghostS, scatter);
    return [...modes.beliefs];
  });
}

/** Backwards through the piece, each state is drawn towards what its already judged successor says. */
function drawTogether(
  piece: Piece,
  movedS: (index: number) => number,
  means: Float64Array,
  covariances: Float64Array,
  ahead: readonly { mean: Float64Array; covariance: Float64Array }[],
  noise: FixNoise,
): void {
  const gain = new Float64Array(SIZE * SIZE);
  const cross = new Float64Array(SIZE * SIZE);
  for (let index = piece.fixes.length - 2; index >= 0; index -= 1) {
    const next = ahead[index + 1]!;
    const dtS = Math.max(0, piece.movedS[index + 1]! - piece.movedS[index]!);
    const at = index * SIZE * SIZE;
    PaceFilter.transpose(
      covariances.subarray(at, at + SIZE * SIZE),
      {
        dtS,
        movedS: movedS(index + 1),
        correlationS: piece.isResumed[index + 1] === 1 ? 0 : noise.correlationS,
      },
      cross,
    );
    if (!solveSymmetric(next.covariance, cross, gain)) continue;
    for (let row = 0; row < SIZE; row += 1) {
      let pull = 0;
      for (let column = 0; column < SIZE; column += 1) {
        pull += gain[row * SIZE + column]! * (means[(index + 1) * SIZE + column]! - next.mean[column]!);
      }
      means[index * SIZE + row]! += pull;
    }
    drawCovariance(covariances, at, gain, next.covariance);
  }
}

/** P += gain (P after - P ahead) gain'. */
function drawCovariance(all: Float64Array, at: number, gain: Float64Array, ahead: Float64Array): void {
  const after = at + SIZE * SIZE;
  const moved = new Float64Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE; column += 1) {
      let sum = 0;
      for (let inner = 0; inner < SIZE; inner += 1) {
        const place = inner * SIZE + column;
        sum += gain[row * SIZE + inner]! * (all[after + place]! - ahead[place]!);
      }
      moved[row * SIZE + column] = sum;
    }
  }
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE; column += 1) {
      let sum = 0;
      for (let inner = 0; inner < SIZE; inner += 1) {
        sum += moved[row * SIZE + inner]! * gain[column * SIZE + inner]!;
      }
      all[at + row * SIZE + column]! += sum;
    }
  }
}

/** gain = cross inverse(matrix), by Cholesky's decomposition. @returns false where the matrix has none */
function solveSymmetric(matrix: Float64Array, cross: Float64Array, gain: Float64Array): boolean {
  const lower = new Float64Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * SIZE + column]! + (row === column ? 1e-9 : 0);
      for (let inner = 0; inner < column; inner += 1) {
        sum -= lower[row * SIZE + inner]! * lower[column * SIZE + inner]!;
      }
      if (row === column) {
        if (!(sum > 0)) return false;
        lower[row * SIZE + row] = Math.sqrt(sum);
      } else {
        lower[row * SIZE + column] = sum / lower[column * SIZE + column]!;
      }
    }
  }
  for (let row = 0; row < SIZE; row += 1) {
    const at = row * SIZE;
    for (let index = 0; index < SIZE; index += 1) {
      let sum = cross[at + index]!;
      for (let inner = 0; inner < index; inner += 1) sum -= lower[index * SIZE + inner]! * gain[at + inner]!;
      gain[at + index] = sum / lower[index * SIZE + index]!;
    }
    for (let index = SIZE - 1; index >= 0; index -= 1) {
      let sum = gain[at + index]!;
      for (let inner = index + 1; inner < SIZE; inner += 1)
        sum -= lower[inner * SIZE + index]! * gain[at + inner]!;
      gain[at + index] = sum / lower[index * SIZE + index]!;
    }
  }
  return true;
}
