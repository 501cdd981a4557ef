import type { Course } from './course.js';
import type { MapFix } from './motion.js';

// Which place of the route each fix of a whole run belongs to: the cheapest way through all of them (Viterbi 1967; as in map matching, Newson and
// Krumm 2009), so that a doubt at a crossing is settled by what came after it. The states are the points of the route; a fix costs by how far
// and in which direction it is from one, a step by how much it differs from how far the runner moved. Off the route every place costs
// the same. A shortcut, or going back, is a jump at a high price.

export interface Alignment {
  /** Metres along the route, for each fix. */
  readonly alongM: Float64Array;
  /** 1 where the runner was beside the route. */
  readonly isOff: Uint8Array;
  /** 1 where the route between this fix and the one before was not run. */
  readonly isJump: Uint8Array;
}

/** Scatter of fixes beside the line, metres, as wide as an ordinary one is. */
const BESIDE_SD_M = 10;
/** A fix costs at most this: from there on it is off the route. */
const OFF_M = 40;
const OFF_COST = 0.5 * (OFF_M / BESIDE_SD_M) ** 2;
const AGAINST_COST = 4;
const STEP_SD_M = 8;
const STEP_SD_RATIO = 0.4;
const BACK_M = 20;
const FASTEST_MPS = 7;
const JUMP_COST = 40;
/** Jumps are thought of where no place within reach explains a fix better than this. */
const DOUBTFUL_COST = 2;
const AFTER_FINISH_S = 30;
/** What is dearer than the best by more is given up. */
const BEAM = 60;
/** The run begins within so many metres of the start line. */
const BEGINNING_M = 60;
const CHORD_S = 4;
const WALKING_MPS = 1;

interface Column {
  readonly cells: Int32Array;
  readonly costs: Float64Array;
  /** Place in the column before, below 0 = by a jump from -1 - place. */
  readonly from: Int32Array;
}

/**
 * @param fixes in order of time, from the start on
 * @param movedS seconds of the runner's moving clock at each
 * @returns as many entries as there are fixes until they have been at the finish for a while
 */
export function alignRun(course: Course, fixes: readonly MapFix[], movedS: Float64Array): Alignment {
  const columns: Column[] = [];
  const work = new Workspace(course.route.xM.length);
  const last = course.route.xM.length - 1;
  let arrivedS = 0;
  for (let index = 0; index < fixes.length; index += 1) {
    const before = columns[index - 1];
    const dtS = index === 0 ? 0 : movedS[index]! - movedS[index - 1]!;
    const movedM = index === 0 ? 0 : stepOf(fixes, movedS, index);
    if (before === undefined) work.open(course);
    else work.step(course, before, dtS, movedM);
    const heading = motionAt(fixes, movedS, index);
    if (before !== undefined && work.cheapestFix(course, fixes[index]!, heading) > DOUBTFUL_COST)
      work.jump(before);
    const column = work.column(course, fixes[index]!, heading);
    columns.push(column);
    arrivedS = column.cells[column.costs.indexOf(0)] === last ? arrivedS + dtS : 0;
    if (arrivedS > AFTER_FINISH_S) break;
  }
  return walkBack(course, fixes.slice(0, columns.length), columns);
}

interface Heading {
  readonly east: number;
  readonly north: number;
}

/** Direction of movement around a fix, from both sides; null while too slow to have one. */
function motionAt(fixes: readonly MapFix[], movedS: Float64Array, index: number): Heading | null {
  let [from, to] = [index, index];
  while (from > 0 && movedS[index]! - movedS[from - 1]! <= CHORD_S) from -= 1;
  while (to + 1 < fixes.length && movedS[to + 1]! - movedS[index]! <= CHORD_S) to += 1;
  const lastsS = movedS[to]! - movedS[from]!;
  const [x, y] = [fixes[to]!.xM - fixes[from]!.xM, fixes[to]!.yM - fixes[from]!.yM];
  const awayM = Math.hypot(x, y);
  if (lastsS < CHORD_S || awayM < WALKING_MPS * lastsS) return null;
  return { east: x / awayM, north: y / awayM };
}

/** How far somebody moved since the fix before: by the speed over a few seconds, since two fixes tell their errors. */
function stepOf(fixes: readonly MapFix[], movedS: Float64Array, index: number): number {
  let [from, to] = [index - 1, index];
  while (from > 0 && movedS[index]! - movedS[from]! < CHORD_S) from -= 1;
  while (to + 1 < fixes.length && movedS[to]! - movedS[index]! < CHORD_S / 2) to += 1;
  const lastsS = movedS[to]! - movedS[from]!;
  if (!(lastsS > 0)) return 0;
  const awayM = Math.hypot(fixes[to]!.xM - fixes[from]!.xM, fixes[to]!.yM - fixes[from]!.yM);
  return (awayM / lastsS) * (movedS[index]! - movedS[index - 1]!);
}

/** Costs of all cells, of which only a few are open at a time. */
class Workspace {
  private readonly cost: Float64Array;
  private readonly origin: Int32Array;
  private openCells: number[] = [];

  constructor(cells: number) {
    this.cost = new Float64Array(cells).fill(Infinity);
    this.origin = new Int32Array(cells);
  }

  open(course: Course): void {
    const last = Math.min(this.cost.length - 1, Math.ceil(BEGINNING_M / course.route.stepM));
    for (let cell = 0; cell <= last; cell += 1) {
      this.offer(cell, 0.5 * ((cell * course.route.stepM) / BEGINNING_M) ** 2, 0);
    }
  }

  step(course: Course, before: Column, dtS: number, movedM: number): void {
    const { stepM } = course.route;
    const sdM = STEP_SD_M + STEP_SD_RATIO * movedM;
    const back = Math.ceil(BACK_M / stepM);
    const ahead = Math.ceil((FASTEST_MPS * dtS + BACK_M) / stepM);
    for (let at = 0; at < before.cells.length; at += 1) {
      const cell = before.cells[at]!;
      const cost = before.costs[at]!;
      const to = Math.min(this.cost.length - 1, cell + ahead);
      for (let next = Math.max(0, cell - back); next <= to; next += 1) {
        const away = ((next - cell) * stepM - movedM) / sdM;
        this.offer(next, cost + 0.5 * away * away, at);
      }
    }
  }

  /** From the best place of the fix before to anywhere. */
  jump(before: Column): void {
    const cheapest = before.costs.indexOf(0);
    for (let cell = 0; cell < this.cost.length; cell += 1) this.offer(cell, JUMP_COST, -1 - cheapest);
  }

  /** What the fix costs at the open cell that explains it best. */
  cheapestFix(course: Course, fix: MapFix, heading: Heading | null): number {
    let best = Infinity;
    for (const cell of this.openCells) best = Math.min(best, fixCost(course, cell, fix, heading));
    return best;
  }

  /** Adds what the fix costs at each open cell, and keeps the cheap ones. */
  column(course: Course, fix: MapFix, heading: Heading | null): Column {
    let best = Infinity;
    for (const cell of this.openCells) {
      this.cost[cell]! += fixCost(course, cell, fix, heading);
      if (this.cost[cell]! < best) best = this.cost[cell]!;
    }
    const kept = this.openCells.filter((cell) => this.cost[cell]! <= best + BEAM);
    const column = {
      cells: Int32Array.from(kept),
      // Relative to the best, so that nothing grows without bound.
      costs: Float64Array.from(kept, (cell) => this.cost[cell]! - best),
      from: Int32Array.from(kept, (cell) => this.origin[cell]!),
    };
    for (const cell of this.openCells) this.cost[cell] = Infinity;
    this.openCells = [];
    return column;
  }

  private offer(cell: number, cost: number, origin: number): void {
    if (this.cost[cell] === Infinity) this.openCells.push(cell);
    else if (cost >= this.cost[cell]!) return;
    this.cost[cell] = cost;
    this.origin[cell] = origin;
  }
}

function fixCost(course: Course, cell: number, fix: MapFix, heading: Heading | null): number {
  const { route } = course;
  const awayM = Math.hypot(fix.xM - route.xM[cell]!, fix.yM - route.yM[cell]!);
  if (awayM >= OFF_M) return OFF_COST;
  const cost = 0.5 * (awayM / BESIDE_SD_M) ** 2;
  if (heading === null) return cost;
  const line = course.headingAt(cell * route.stepM);
  const cosine = line.east * heading.east + line.north * heading.north;
  return Math.min(OFF_COST, cost + AGAINST_COST * Math.max(0, -cosine));
}

function walkBack(course: Course, fixes: readonly MapFix[], columns: readonly Column[]): Alignment {
  const { route } = course;
  const length = fixes.length;
  const alongM = new Float64Array(length);
  const isOff = new Uint8Array(length);
  const isJump = new Uint8Array(length);
  if (length === 0) return { alongM, isOff, isJump };
  let at = columns[length - 1]!.costs.indexOf(0);
  for (let index = length - 1; index >= 0; index -= 1) {
    const { cells, from } = columns[index]!;
    const cell = cells[at]!;
    const fix = fixes[index]!;
    alongM[index] = cell * route.stepM;
    if (Math.hypot(fix.xM - route.xM[cell]!, fix.yM - route.yM[cell]!) >= OFF_M) isOff[index] = 1;
    const origin = from[at]!;
    if (origin < 0) isJump[index] = 1;
    at = origin < 0 ? -1 - origin : origin;
  }
  return { alongM, isOff, isJump };
}
