// Fewer points for the same line. Two ways, both returning the indices that stay, so that a caller can take any column along:
// Douglas-Peucker (Ramer 1972; Douglas and Peucker 1973) where a bound of the error is wanted, Visvalingam-Whyatt (1993) where a number of
// points is: it takes away the point whose triangle with its neighbours is smallest, again and again.

const BLOCK = 1_000;

/**
 * The points of a line from which no other is further away than `toleranceM` (of those between two that stay, from their chord).
 * First and last always stay.
 */
export function simplifyWithin(xM: Float64Array, yM: Float64Array, toleranceM: number): Uint32Array {
  const length = xM.length;
  if (length <= 2) return Uint32Array.from({ length }, (_, index) => index);
  const stays = new Uint8Array(length);
  // A line that is split off at its end again and again is looked through as often as it has points: a million of them would take a
  // minute. In blocks it cannot; a block's first point stays, which is one in a thousand.
  const open: number[] = [];
  for (let first = 0; first < length - 1; first += BLOCK) {
    const last = Math.min(length - 1, first + BLOCK);
    stays[first] = stays[last] = 1;
    open.push(first, last);
  }
  while (open.length > 0) {
    const last = open.pop()!;
    const first = open.pop()!;
    let farthest = -1;
    let farthestM2 = toleranceM * toleranceM;
    for (let index = first + 1; index < last; index += 1) {
      const awayM2 = squareToChord(xM, yM, index, first, last);
      if (awayM2 > farthestM2) {
        farthest = index;
        farthestM2 = awayM2;
      }
    }
    if (farthest < 0) continue;
    stays[farthest] = 1;
    open.push(first, farthest, farthest, last);
  }
  return indicesOf(stays);
}

function squareToChord(xM: Float64Array, yM: Float64Array, at: number, from: number, to: number): number {
  const chordX = xM[to]! - xM[from]!;
  const chordY = yM[to]! - yM[from]!;
  const x = xM[at]! - xM[from]!;
  const y = yM[at]! - yM[from]!;
  const square = chordX * chordX + chordY * chordY;
  const raw = square === 0 ? 0 : (x * chordX + y * chordY) / square;
  const share = raw < 0 ? 0 : raw > 1 ? 1 : raw;
  const offX = x - share * chordX;
  const offY = y - share * chordY;
  return offX * offX + offY * offY;
}

/** At most `count` points (two at least) that show the line's shape best. First and last always stay. O(n log n). */
export function simplifyTo(xM: Float64Array, yM: Float64Array, count: number): Uint32Array {
  const length = xM.length;
  const stays = new Uint8Array(length).fill(1);
  const before = Int32Array.from({ length }, (_, index) => index - 1);
  const behind = Int32Array.from({ length }, (_, index) => index + 1);
  const area = new Float64Array(length).fill(Infinity);
  const areaAt = (index: number): number => triangleM2(xM, yM, before[index]!, index, behind[index]!);
  const heap = new IndexHeap(area);
  for (let index = 1; index < length - 1; index += 1) {
    area[index] = areaAt(index);
    heap.push(index);
  }
  for (let left = length; left > Math.max(2, count); left -= 1) {
    const smallest = heap.pop();
    stays[smallest] = 0;
    const [a, b] = [before[smallest]!, behind[smallest]!];
    behind[a] = b;
    before[b] = a;
    for (const neighbour of [a, b]) {
      if (neighbour === 0 || neighbour === length - 1) continue;
      // Never below what was taken away: a point may not go sooner than one that matters less.
      area[neighbour] = Math.max(area[smallest]!, areaAt(neighbour));
      heap.moved(neighbour);
    }
  }
  return indicesOf(stays);
}

function triangleM2(xM: Float64Array, yM: Float64Array, a: number, b: number, c: number): number {
  const cross = (xM[b]! - xM[a]!) * (yM[c]! - yM[a]!) - (xM[c]! - xM[a]!) * (yM[b]! - yM[a]!);
  return Math.abs(cross) / 2;
}

function indicesOf(stays: Uint8Array): Uint32Array {
  const kept: number[] = [];
  stays.forEach((is, index) => {
    if (is === 1) kept.push(index);
  });
  return Uint32Array.from(kept);
}

/** A heap of indices by a key that may change while they are in it. */
class IndexHeap {
  private readonly items: number[] = [];
  private readonly placeOf: Int32Array;

  constructor(private readonly key: Float64Array) {
    this.placeOf = new Int32Array(key.length).fill(-1);
  }

  push(index: number): void {
    this.items.push(index);
    this.placeOf[index] = this.items.length - 1;
    this.rise(this.items.length - 1);
  }

  pop(): number {
    const top = this.items[0]!;
    const last = this.items.pop()!;
    this.placeOf[top] = -1;
    if (last !== top) {
      this.put(last, 0);
      this.sink(0);
    }
    return top;
  }

  moved(index: number): void {
    this.rise(this.placeOf[index]!);
    this.sink(this.placeOf[index]!);
  }

  private put(index: number, place: number): void {
    this.items[place] = index;
    this.placeOf[index] = place;
  }

  private rise(from: number): void {
    const index = this.items[from]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.key[this.items[parent]!]! <= this.key[index]!) break;
      this.put(this.items[parent]!, place);
      place = parent;
    }
    this.put(index, place);
  }

  private sink(from: number): void {
    const index = this.items[from]!;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.items.length) break;
      const other = child + 1;
      if (other < this.items.length && this.key[this.items[other]!]! < this.key[this.items[child]!]!) {
        child = other;
      }
      if (this.key[this.items[child]!]! >= this.key[index]!) break;
      this.put(this.items[child]!, place);
      place = child;
    }
    this.put(index, place);
  }
}
