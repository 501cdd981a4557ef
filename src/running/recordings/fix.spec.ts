import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeFixes, encodeFixes } from './fix-codec.js';
import { FIX_ELEMENT, type Fix, isSameFix, MOST_SEQ, readFix } from './fix.js';
import { columnsOf, fixAt } from './fix-columns.js';

const AT = 1_764_000_000_000;

/** Mostly what a device sends, with a little of everything else. */
const figures = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -400, max: 400, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 300 }) },
  fc.constantFrom<unknown>(
    null,
    undefined,
    'x',
    true,
    [],
    {},
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    90.000001,
    -180.1,
  ),
);
const seqs = fc.oneof(
  fc.integer({ min: -1, max: 5 }),
  fc.constantFrom<unknown>(MOST_SEQ, MOST_SEQ + 1, 1.5, null),
);
const times = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: AT, max: AT + 9e6 }) },
  fc.constantFrom<unknown>(0, 946_684_800_000, 4_102_444_800_001, AT + 0.4, null, '5'),
);
const elements: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(seqs, times, figures, figures)
      .chain((head) => fc.array(figures, { maxLength: 7 }).map((tail) => [...head, ...tail])),
  },
  fc.anything(),
);

describe('a fix', () => {
  it('is read by hand exactly where the schema accepts it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(elements, (value) => {
        const isFix = typeof readFix(value) === 'object';
        accepted += isFix ? 1 : 0;
        expect(isFix).toBe(FIX_ELEMENT.safeParse(value).success);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('keeps seven decimals of a place and one of the rest', () => {
    expect(
      readFix([3, AT + 0.4, 48.123456789, -11.00000004, 4.26, 519.94, 3.14159, 271.06, 141.6, 172]),
    ).toEqual({
      seq: 3,
      atMs: AT,
      latDeg: 48.1234568,
      lonDeg: -11,
      accuracyM: 4.3,
      altitudeM: 519.9,
      speedMps: 3.1,
      bearingDeg: 271.1,
      heartRateBpm: 142,
      cadenceSpm: 172,
    });
  });

  it('takes what a sensor says to say nothing for that', () => {
    const fix = readFix([1, AT, null, null, -1, null, -1, -1, 0, 5_000]) as Fix;
    const { seq, atMs, ...told } = fix;
    expect([seq, atMs]).toEqual([1, AT]);
    expect(Object.values(told)).toEqual(Array.from({ length: 8 }, () => Number.NaN));
    expect(isSameFix(fix, readFix([1, AT, null, null]) as Fix)).toBe(true);
  });

  it('is another one where any of its figures differs', () => {
    const row = [3, AT, 48.1, 11.2, 4, 520, 3.1, 271, 141, 172];
    const fix = readFix(row) as Fix;
    for (let index = 1; index < row.length; index += 1) {
      const other = readFix(row.with(index, row[index]! + 1)) as Fix;
      expect(isSameFix(fix, other)).toBe(false);
      expect(isSameFix(fix, readFix([...row]) as Fix)).toBe(true);
    }
  });
});

describe('packed fixes', () => {
  it('come back as they were, with and without sensors', () => {
    const rows = fc
      .uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 30 })
      .chain((numbers) =>
        fc.tuple(
          ...numbers
            .sort((a, b) => a - b)
            .map((seq) =>
              fc
                .tuple(
                  fc.integer({ min: AT, max: AT + 9e6 }),
                  fc.option(
                    fc.tuple(
                      fc.double({ min: -90, max: 90, noNaN: true }),
                      fc.double({ min: -180, max: 180, noNaN: true }),
                    ),
                  ),
                  fc.array(fc.option(fc.double({ min: 0, max: 250, noNaN: true })), { maxLength: 6 }),
                )
                .map(
                  ([atMs, place, sensors]) =>
                    readFix([seq, atMs, ...(place ?? [null, null]), ...sensors]) as Fix,
                ),
            ),
        ),
      );
    fc.assert(
      fc.property(rows, (fixes) => {
        const back = decodeFixes(encodeFixes(columnsOf(fixes)));
        expect(back.length).toBe(fixes.length);
        fixes.forEach((fix, index) => expect(fixAt(back, index)).toEqual(fix));
      }),
    );
  });
});
