import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeqRanges } from './seq-ranges.js';

const seqs = fc.integer({ min: 1, max: 60 });
const rangesOf = fc.array(
  fc.tuple(seqs, fc.nat({ max: 8 })).map(([from, more]) => [from, from + more] as const),
);

/** The set that ranges stand for, number by number. */
function numbersOf(ranges: readonly (readonly [number, number])[]): Set<number> {
  return new Set(
    ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_v, index) => from + index)),
  );
}

describe('ranges of numbers', () => {
  it('are the set of what was added, in whatever order it came', () => {
    fc.assert(
      fc.property(rangesOf, fc.option(seqs), (added, lastSeq) => {
        const ranges = SeqRanges.of(added);
        const set = numbersOf(added);
        const all = Array.from({ length: 80 }, (_v, index) => index + 1);
        expect(all.filter((seq) => ranges.has(seq))).toEqual(all.filter((seq) => set.has(seq)));
        expect(ranges.count).toBe(set.size);
        expect(ranges.highest).toBe(Math.max(0, ...set));
        expect(ranges.upTo).toBe(all.find((seq) => !set.has(seq))! - 1);
        const end = Math.max(ranges.highest, lastSeq ?? 0);
        expect([...numbersOf(ranges.missing(lastSeq, 100))]).toEqual(
          all.filter((seq) => seq <= end && !set.has(seq)),
        );
        expect(SeqRanges.of([...added].reverse()).toMultirange()).toBe(ranges.toMultirange());
      }),
    );
  });

  it('say no more gaps than asked, the lowest first, each whole', () => {
    fc.assert(
      fc.property(rangesOf, fc.nat({ max: 4 }), (added, most) => {
        const ranges = SeqRanges.of(added);
        expect(ranges.missing(70, most)).toEqual(ranges.missing(70, 100).slice(0, most));
      }),
    );
  });

  it('are what PostgreSQL calls an int4multirange', () => {
    fc.assert(
      fc.property(rangesOf, (added) => {
        const text = SeqRanges.of(added).toMultirange();
        const told = [...text.matchAll(/\[(\d+),(\d+)\)/g)].flatMap(([, from, end]) =>
          Array.from({ length: Number(end) - Number(from) }, (_, index) => Number(from) + index),
        );
        expect(told).toEqual([...numbersOf(added)].sort((a, b) => a - b));
      }),
    );
    expect(SeqRanges.of([[1, 100], [105, 105]]).toMultirange()).toBe('{[1,101),[105,106)}'); // prettier-ignore
    expect(SeqRanges.of([]).toMultirange()).toBe('{}');
  });
});
