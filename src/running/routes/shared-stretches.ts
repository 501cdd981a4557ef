import type { WayShape } from './route-shape.js';
import { type Beside, indexOf, type MappedWay } from './shape-index.js';

// Where two ways run side by side. One way is walked from its start; each time that the other one passes by is followed for as long as both
// advance together, so a lap, the way out and the way back are stretches of their own, and a crossing is none. All else that is said about
// two routes (same, reversed, one inside the other, how often passed) is read off these stretches.

/** Both run along here, the second one forwards (`sign` 1) or backwards (-1). Positions in metres of way of each. */
export interface Stretch {
  readonly sign: 1 | -1;
  /** On the way that is walked; from < to. */
  readonly fromM: number;
  readonly toM: number;
  /** On the other one, where the walked one begins and ends: descending where it goes backwards. */
  readonly otherFromM: number;
  readonly otherToM: number;
}

export interface SharedWay {
  readonly stretches: readonly Stretch[];
  /** Metres of the walked way within 25 m of the other one, whichever way that goes there, and the other way round. */
  readonly nearM: number;
  readonly otherNearM: number;
  /** Mean distance between both there, in metres; null where they never are together. */
  readonly meanOffM: number | null;
}

/** Both may lose each other for so long: a receiver under a bridge, the other side of a square. */
const MOST_GAP_M = 120;
/** Over a gap both advance alike, but for what corners and receivers add. */
const SLACK_M = 30;
const SLACK_RATIO = 0.35;
/** Shorter ones are accidents. */
const LEAST_STRETCH_M = 60;

interface Open {
  readonly sign: 1 | -1;
  readonly fromM: number;
  readonly otherFromM: number;
  toM: number;
  otherToM: number;
}

/** @param walked the one whose places are looked up on the other */
export function sharedWay(walked: WayShape, other: WayShape): SharedWay {
  const index = indexOf(other);
  const way = index.mapped(walked);
  const found: Open[] = [];
  const open: Open[] = [];
  const isPieceNear = new Uint8Array(index.way.length);
  let [nearM, offSumM, nearCount] = [0, 0, 0];
  for (let at = 0; at < way.length; at += 1) {
    const atM = way.atM[at]!;
    let kept = 0;
    for (const stretch of open) if (atM - stretch.toM <= MOST_GAP_M) open[kept++] = stretch;
    open.length = kept;
    const places = index.beside(way, at);
    if (places.length === 0) continue;
    nearM += halfPiecesM(way, at);
    nearCount += 1;
    offSumM += nearestM(places);
    for (const { piece } of places) isPieceNear[piece] = 1;
    follow(open, found, atM, places);
  }
  return {
    stretches: found.filter(isLongEnough(walked)).sort(inOrder),
    nearM,
    otherNearM: nearPiecesM(index.way, isPieceNear),
    meanOffM: nearCount === 0 ? null : offSumM / nearCount,
  };
}

/** Each place carries on the stretch that it fits best, or begins one; the best fits choose first. */
function follow(open: Open[], found: Open[], atM: number, places: readonly Beside[]): void {
  const [isPlaceTaken, isOpenTaken] = [new Uint8Array(places.length), new Uint8Array(open.length)];
  for (;;) {
    let [bestM, bestPlace, bestOpen] = [Infinity, -1, -1];
    for (let p = 0; p < places.length; p += 1) {
      if (isPlaceTaken[p] === 1) continue;
      for (let o = 0; o < open.length; o += 1) {
        if (isOpenTaken[o] === 1) continue;
        const driftM = drift(open[o]!, atM, places[p]!);
        if (driftM < bestM) [bestM, bestPlace, bestOpen] = [driftM, p, o];
      }
    }
    if (bestPlace < 0) break;
    isPlaceTaken[bestPlace] = isOpenTaken[bestOpen] = 1;
    open[bestOpen]!.toM = atM;
    open[bestOpen]!.otherToM = places[bestPlace]!.atM;
  }
  places.forEach((place, p) => {
    if (isPlaceTaken[p] === 1 || place.heading === 0) return;
    const begun = { sign: place.heading, fromM: atM, toM: atM, otherFromM: place.atM, otherToM: place.atM };
    open.push(begun);
    found.push(begun);
  });
}

/** By how many metres a place departs from where a stretch would be by now; infinite = it is no part of it. */
function drift({ sign, toM, otherToM }: Open, atM: number, place: Beside): number {
  if (place.heading !== sign) return Infinity;
  const gapM = atM - toM;
  const driftM = Math.abs(sign * (place.atM - otherToM) - gapM);
  return driftM <= SLACK_M + SLACK_RATIO * gapM ? driftM : Infinity;
}

function isLongEnough({ distanceM }: WayShape): (stretch: Open) => boolean {
  const leastM = Math.min(LEAST_STRETCH_M, distanceM / 2);
  return ({ fromM, toM }) => toM - fromM >= leastM;
}

function inOrder(a: Stretch, b: Stretch): number {
  return a.fromM - b.fromM || a.otherFromM - b.otherFromM;
}

/** Half of the pieces on both sides of a place. */
function halfPiecesM({ atM, length }: MappedWay, at: number): number {
  return (atM[Math.min(length - 1, at + 1)]! - atM[Math.max(0, at - 1)]!) / 2;
}

/** A piece between two near ones is near too: places of the walked way may stand further apart than it is long. */
function nearPiecesM({ atM, length }: MappedWay, isNear: Uint8Array): number {
  let sumM = 0;
  for (let piece = 0; piece + 1 < length; piece += 1) {
    const isBetween = piece > 0 && isNear[piece - 1] === 1 && isNear[piece + 1] === 1;
    if (isNear[piece] === 1 || isBetween) sumM += atM[piece + 1]! - atM[piece]!;
  }
  return sumM;
}

function nearestM(places: readonly Beside[]): number {
  let offM = Infinity;
  for (const place of places) offM = Math.min(offM, place.offM);
  return offM;
}
