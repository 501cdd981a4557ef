// Which numbers of a run's fixes are there. A device numbers its fixes from 1 on; they come in any order, twice or late, so what is there
// is a set, kept as the few unbroken ranges that it nearly always consists of. What may be acknowledged follows from it: everything up to
// the first gap, and where the gaps are.

/** First and last number of an unbroken range. */
export type SeqRange = readonly [from: number, to: number];

export class SeqRanges {
  /** Ascending, with a gap between neighbours. */
  private readonly ranges: [number, number][] = [];

  /** @param ranges in any order, overlapping or not */
  static of(ranges: Iterable<SeqRange>): SeqRanges {
    const made = new SeqRanges();
    for (const [from, to] of ranges) made.addRange(from, to);
    return made;
  }

  add(seq: number): void {
    this.addRange(seq, seq);
  }

  addRange(from: number, to: number): void {
    const { ranges } = this;
    const last = ranges.at(-1);
    // Nearly always the next one, or one after a gap.
    if (last === undefined || from > last[1] + 1) {
      ranges.push([from, to]);
      return;
    }
    const first = this.firstEndingAtOrAfter(from - 1);
    let after = first;
    let [low, high] = [from, to];
    for (; after < ranges.length && ranges[after]![0] <= to + 1; after += 1) {
      low = Math.min(low, ranges[after]![0]);
      high = Math.max(high, ranges[after]![1]);
    }
    ranges.splice(first, after - first, [low, high]);
  }

  has(seq: number): boolean {
    const range = this.ranges[this.firstEndingAtOrAfter(seq)];
    return range !== undefined && range[0] <= seq;
  }

  /** The last number before which none is missing, counted from 1; 0 where the first one is. */
  get upTo(): number {
    const first = this.ranges[0];
    return first?.[0] === 1 ? first[1] : 0;
  }

  /** The highest number that is there; 0 for none. */
  get highest(): number {
    return this.ranges.at(-1)?.[1] ?? 0;
  }

  get count(): number {
    return this.ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  }

  /**
   * The gaps, lowest first.
   * @param lastSeq the device's last number where it is known: what is missing behind the highest is then missing, too
   * @param most at most so many; the others are told once these are filled
   */
  missing(lastSeq: number | null, most: number): SeqRange[] {
    const gaps: SeqRange[] = [];
    let next = 1;
    for (const [from, to] of this.ranges) {
      if (gaps.length >= most) return gaps;
      if (from > next) gaps.push([next, from - 1]);
      next = to + 1;
    }
    if (lastSeq !== null && lastSeq >= next && gaps.length < most) gaps.push([next, lastSeq]);
    return gaps;
  }

  toMultirange(): string {
    return `{${this.ranges.map(([from, to]) => `[${from},${to + 1})`).join(',')}}`;
  }

  private firstEndingAtOrAfter(seq: number): number {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle]![1] < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
