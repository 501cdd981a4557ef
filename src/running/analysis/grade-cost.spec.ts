import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costOfGrade, minettiJPerKgM } from './grade-cost.js';

const grades = fc.double({ min: -0.45, max: 0.45, noNaN: true });

describe('the cost of a slope', () => {
  it('is 1 on level ground and positive everywhere, and never jumps', () => {
    for (const model of ['minetti', 'heart_rate'] as const) {
      expect(costOfGrade(0, model)).toBeCloseTo(1, 12);
      fc.assert(
        fc.property(grades, (grade) => {
          const cost = costOfGrade(grade, model);
          expect(cost).toBeGreaterThan(0.4);
          // No slope of either curve is above 14.
          expect(Math.abs(costOfGrade(grade + 1e-4, model) - cost)).toBeLessThan(14e-4);
        }),
      );
      expect(costOfGrade(3, model)).toBe(costOfGrade(0.45, model));
      expect(costOfGrade(-3, model)).toBe(costOfGrade(-0.45, model));
    }
  });

  it('by Minetti is what the paper measured, within its spread', () => {
    // From its abstract: cost of running, mean and deviation of ten runners, J/kg/m.
    const measured: [number, number, number][] = [
      [-0.45, 3.92, 0.81],
      [-0.2, 1.73, 0.36],
      [0, 3.4, 0.24],
      [0.45, 18.93, 1.74],
    ];
    for (const [grade, cost, spread] of measured) {
      expect(Math.abs(minettiJPerKgM(grade) - cost)).toBeLessThan(spread);
    }
  });

  it('by heart rate is least near -10 %, level again at -18 %, and below Minetti uphill', () => {
    expect(costOfGrade(-0.1)).toBeCloseTo(0.88, 2);
    expect(costOfGrade(-0.18)).toBeCloseTo(1, 2);
    fc.assert(
      fc.property(grades, (grade) => {
        expect(costOfGrade(grade)).toBeGreaterThanOrEqual(0.88 - 1e-9);
        if (grade > 0.001) expect(costOfGrade(grade)).toBeLessThan(costOfGrade(grade, 'minetti'));
      }),
    );
  });

  it('by heart rate falls to -10 % and rises from there', () => {
    fc.assert(
      fc.property(grades, grades, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        if (low >= -0.1) expect(costOfGrade(high)).toBeGreaterThanOrEqual(costOfGrade(low) - 1e-12);
        if (high <= -0.1) expect(costOfGrade(high)).toBeLessThanOrEqual(costOfGrade(low) + 1e-12);
      }),
    );
  });
});
