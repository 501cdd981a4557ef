import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cumulativeM, interpolate, stretchOf } from './columns.js';
import { headingsOverChords } from './headings.js';
import { resampleEvenly } from './resample.js';
import { simplifyTo, simplifyWithin } from './simplify.js';
import { runnerNoise, smoothPath } from './smoothing.js';

const metre = fc.double({ min: -500, max: 500, noNaN: true });
const path = fc
  .array(fc.tuple(metre, metre), { minLength: 2, maxLength: 60 })
  .map((points) => [Float64Array.from(points, ([x]) => x), Float64Array.from(points, ([, y]) => y)] as const);

describe('looking up in columns', () => {
  it('finds the stretch that holds a value, and the value on it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 2 }),
        fc.double({ min: -1, max: 2, noNaN: true }),
        (steps, share) => {
          const ascending = Float64Array.from(steps, (_, index) =>
            steps.slice(0, index).reduce((a, b) => a + b, 0),
          );
          const wanted = share * ascending.at(-1)!;
          const at = stretchOf(ascending, wanted);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(ascending.length - 2);
          const inside = Math.min(ascending.at(-1)!, Math.max(0, wanted));
          expect(interpolate(ascending, ascending, wanted)).toBeCloseTo(inside, 6);
        },
      ),
    );
  });
});

describe('fewer points', () => {
  it('leave no point further away than was said', () => {
    fc.assert(
      fc.property(path, fc.double({ min: 0.1, max: 100, noNaN: true }), ([xM, yM], toleranceM) => {
        const kept = simplifyWithin(xM, yM, toleranceM);
        expect([kept[0], kept.at(-1)]).toEqual([0, xM.length - 1]);
        for (let piece = 1; piece < kept.length; piece += 1) {
          const [from, to] = [kept[piece - 1]!, kept[piece]!];
          expect(to).toBeGreaterThan(from);
          for (let at = from; at <= to; at += 1) {
            expect(awayM(xM, yM, at, from, to)).toBeLessThanOrEqual(toleranceM + 1e-9);
          }
        }
      }),
    );
  });

  it('are as many as were asked for, and those of fewer are among those of more', () => {
    fc.assert(
      fc.property(path, fc.integer({ min: 0, max: 60 }), ([xM, yM], count) => {
        const [some, more] = [simplifyTo(xM, yM, count), simplifyTo(xM, yM, count + 5)];
        expect(some).toHaveLength(Math.min(xM.length, Math.max(2, count)));
        expect([some[0], some.at(-1)]).toEqual([0, xM.length - 1]);
        for (const index of some) expect(more).toContain(index);
      }),
    );
  });

  it('keep the corner of a right angle', () => {
    const xM = Float64Array.from({ length: 21 }, (_, at) => Math.min(at, 10));
    const yM = Float64Array.from({ length: 21 }, (_, at) => Math.max(0, at - 10));
    expect([...simplifyTo(xM, yM, 3)]).toEqual([0, 10, 20]);
    expect([...simplifyWithin(xM, yM, 1)]).toEqual([0, 10, 20]);
  });

  it('of a hundred thousand points come in a moment', () => {
    const length = 100_000;
    const xM = Float64Array.from({ length }, (_, at) => at);
    const yM = Float64Array.from({ length }, (_, at) => Math.sin(at / 50) * 20);
    expect(simplifyTo(xM, yM, 500)).toHaveLength(500);
    expect(simplifyWithin(xM, yM, 5).length).toBeLessThan(20_000);
  });
});

describe('a path in equal steps', () => {
  it('has both ends and no step longer than was asked for', () => {
    fc.assert(
      fc.property(path, fc.double({ min: 0.5, max: 50, noNaN: true }), ([xM, yM], wantedM) => {
        const alongM = cumulativeM(xM, yM);
        fc.pre(alongM.at(-1)! > 1);
        const { stepM, columns } = resampleEvenly(alongM, [xM, yM, alongM], wantedM);
        expect(stepM).toBeLessThanOrEqual(wantedM + 1e-9);
        columns.forEach((column, index) => {
          const source = [xM, yM, alongM][index]!;
          expect(column[0]).toBeCloseTo(source[0]!, 6);
          expect(column.at(-1)).toBeCloseTo(source.at(-1)!, 6);
        });
        expect((columns[2]!.length - 1) * stepM).toBeCloseTo(alongM.at(-1)!, 6);
      }),
    );
  });
});

describe('headings over chords', () => {
  it('are those of a straight line, whatever a fix in between says', () => {
    const alongM = Float64Array.from({ length: 60 }, (_, at) => at * 3);
    const xM = alongM.map((m) => m * 0.6);
    const yM = alongM.map((m, at) => m * 0.8 + (at % 2 === 0 ? 0.5 : -0.5));
    const { east, north } = headingsOverChords(xM, yM, alongM);
    east.forEach((x, at) => expect(0.6 * x + 0.8 * north[at]!).toBeGreaterThan(Math.cos(0.1)));
  });

  it('are unit vectors everywhere, at a turning point, too', () => {
    fc.assert(
      fc.property(path, ([xM, yM]) => {
        const { east, north } = headingsOverChords(xM, yM, cumulativeM(xM, yM));
        east.forEach((x, at) => expect(Math.hypot(x, north[at]!)).toBeCloseTo(1, 9));
      }),
    );
  });
});

describe('smoothing', () => {
  const tMs = Float64Array.from({ length: 300 }, (_, at) => at * 1000);
  const clean = tMs.map((ms) => (ms / 1000) * 3);

  it('leaves an even run as it is', () => {
    const { xM, eastMps } = smoothPath(
      tMs,
      clean,
      clean.map(() => 0),
    );
    xM.forEach((x, at) => expect(Math.abs(x - clean[at]!)).toBeLessThan(0.05));
    expect(eastMps[150]).toBeCloseTo(3, 3);
  });

  it('takes most of the jitter, and knows how much there is', () => {
    const jitter = tMs.map((_, at) => 2 * Math.sin(at * 12.9898 + (at * at) / 7));
    const noisy = clean.map((x, at) => x + jitter[at]!);
    const { placeM } = runnerNoise(tMs, noisy, jitter);
    expect(placeM).toBeGreaterThan(1);
    expect(placeM).toBeLessThan(2);
    const smooth = smoothPath(tMs, noisy, jitter);
    const rms = (values: Float64Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(rms(smooth.yM)).toBeLessThan(0.7 * rms(jitter));
    expect(cumulativeM(smooth.xM, smooth.yM).at(-1)!).toBeLessThan(0.85 * cumulativeM(noisy, jitter).at(-1)!);
  });
});

function awayM(xM: Float64Array, yM: Float64Array, at: number, from: number, to: number): number {
  const [x, y] = [xM[to]! - xM[from]!, yM[to]! - yM[from]!];
  const square = x * x + y * y;
  const raw = square === 0 ? 0 : ((xM[at]! - xM[from]!) * x + (yM[at]! - yM[from]!) * y) / square;
  const share = Math.min(1, Math.max(0, raw));
  return Math.hypot(xM[at]! - xM[from]! - share * x, yM[at]! - yM[from]! - share * y);
}
