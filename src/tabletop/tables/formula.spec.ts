import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oddsOf } from './dice-odds.js';
import { evaluate, type Thrown } from './formula-roll.js';
import { FormulaFault, type FormulaValue, parseFormula, type Variables } from './formula.js';
import { ratioOf } from './fraction.js';
import { RandomStream } from './random-stream.js';

const roll = (text: string, variables: Variables = {}, seed = 'x'): FormulaValue =>
  evaluate(parseFormula(text), variables, RandomStream.ofSeed(seed));

function faultOf(text: string, variables: Variables = {}): FormulaFault {
  try {
    roll(text, variables);
  } catch (error) {
    if (error instanceof FormulaFault) return error;
    throw error;
  }
  throw new Error(`no fault in ${text}`);
}

describe('a formula', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['7 / 2', 3.5],
    ['floor(7 / 2) + 7 % 2', 4],
    ['-3 + min(4, 2, 8) * max(1, 2)', 1],
    ['1 / 3', 0.333333],
    ['0 * -1', 0],
    ['$level >= 5 and $place in ("Forest", "swamp")', true],
    ['not $level > 5 or false', true],
    ['$place = "FOREST"', true],
    ["$place != 'forest'", false],
    ['$level == 5', true],
  ])('%s is %s', (text, expected) => {
    expect(Object.is(roll(text, { level: 5, place: 'forest' }), expected)).toBe(true);
  });

  it.each([
    ['', 'syntax', 0],
    ['2d6 +', 'syntax', 5],
    ['(1', 'syntax', 2],
    ['1 2', 'syntax', 2],
    ['3d6kh4', 'out-of-range', 3],
    ['0d6', 'out-of-range', 0],
    ['1 + 201d6', 'too-many-dice', 4],
    ['100d6 + 101d6', 'too-many-dice', 8],
    ['d1000001', 'too-many-sides', 0],
    ['d0', 'too-many-sides', 0],
    ['d6!1', 'endless', 2],
    ['d1!', 'endless', 2],
    ['d6!!', 'syntax', 3],
    ['4d6kh3kl1', 'syntax', 6],
    ['forest', 'unknown-function', 0],
    ['2 * $level', 'unknown-variable', 4],
    ['1 + "a"', 'wrong-kind', 4],
    ['not 3', 'wrong-kind', 4],
    ['4 / (2 - 2)', 'divided-by-zero', 2],
    ['1000000000 * 1000000000', 'out-of-range', 11],
    ['9999999999', 'out-of-range', 0],
    ['"open', 'syntax', 0],
    ['('.repeat(40), 'too-deep', 24],
    ['1+'.repeat(200), 'too-long', 0],
    ['min()', 'syntax', 4],
    ['$', 'syntax', 1],
  ])('%s is refused: %s at %i', (text, code, at) => {
    const fault = faultOf(text);
    expect([fault.code, fault.at]).toEqual([code, at]);
    expect(fault.message).toContain(`at character ${at + 1}`);
  });

  it('answers any text with a value or a fault that has a place in it', () => {
    const piece = fc.constantFrom(
      '2',
      'd6',
      '!',
      'kh1',
      'dl2',
      '(',
      ')',
      '+',
      '-',
      '*',
      '$x',
      '"a',
      '"',
      ' and ',
      'not ',
      ' in ',
      ',',
      'min(',
      '=',
      '<',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            evaluate(parseFormula(text), { x: 3 }, RandomStream.ofSeed('any'));
          } catch (error) {
            expect(error).toBeInstanceOf(FormulaFault);
            expect((error as FormulaFault).at).toBeGreaterThanOrEqual(0);
            expect((error as FormulaFault).at).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('dice', () => {
  const dice = fc.record({
    count: fc.integer({ min: 1, max: 8 }),
    sides: fc.integer({ min: 2, max: 12 }),
    kept: fc.integer({ min: 1, max: 8 }),
    how: fc.constantFrom('', 'kh', 'kl', 'dh', 'dl'),
    explodes: fc.boolean(),
    seed: fc.string(),
  });

  it('show faces of theirs, and what counts is the highest or lowest of them', () => {
    fc.assert(
      fc.property(dice, ({ count, sides, kept, how, seed }) => {
        const of = Math.min(kept, count);
        const throws: Thrown[] = [];
        const text = `${count}d${sides}${how === '' ? '' : `${how}${of}`}`;
        const total = evaluate(parseFormula(text), {}, RandomStream.ofSeed(seed), (each) =>
          throws.push(each),
        );
        const [{ faces }] = throws as [Thrown];
        expect(faces).toHaveLength(count);
        for (const face of faces) expect(face >= 1 && face <= sides).toBe(true);
        const up = [...faces].sort((a, b) => a - b);
        const counting = {
          '': up,
          kh: up.slice(count - of),
          kl: up.slice(0, of),
          dh: up.slice(0, count - of),
          dl: up.slice(of),
        };
        expect(total).toBe(counting[how].reduce((sum, face) => sum + face, 0));
      }),
    );
  });

  it('explode into one more die each, as often as they show it', () => {
    fc.assert(
      fc.property(dice, ({ count, sides, seed }) => {
        const throws: Thrown[] = [];
        const total = evaluate(parseFormula(`${count}d${sides}!`), {}, RandomStream.ofSeed(seed), (each) =>
          throws.push(each),
        );
        const [{ faces }] = throws as [Thrown];
        expect(faces.length).toBe(count + faces.filter((face) => face === sides).length);
        expect(total).toBe(faces.reduce((sum, face) => sum + face, 0));
      }),
    );
  });

  it('have odds that sum to one and are those of every throw counted out', () => {
    const small = fc.record({
      count: fc.integer({ min: 1, max: 4 }),
      sides: fc.integer({ min: 1, max: 6 }),
      kept: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom('kh', 'kl', 'dh', 'dl', ''),
    });
    fc.assert(
      fc.property(small, ({ count, sides, kept, how }) => {
        const of = Math.min(kept, count);
        const odds = oddsOf(parseFormula(`${count}d${sides}${how === '' ? '' : `${how}${of}`}`));
        const counted = new Map<number, number>();
        for (let index = 0; index < sides ** count; index += 1) {
          const up = Array.from(
            { length: count },
            (_, die) => (Math.floor(index / sides ** die) % sides) + 1,
          ).sort((a, b) => a - b);
          const counting = {
            '': up,
            kh: up.slice(count - of),
            kl: up.slice(0, of),
            dh: up.slice(0, count - of),
            dl: up.slice(of),
          }[how];
          const sum = counting.reduce((total, face) => total + face, 0);
          counted.set(sum, (counted.get(sum) ?? 0) + 1);
        }
        expect(new Map([...odds].map(([sum, chance]) => [sum, ratioOf(chance)]))).toEqual(
          new Map(
            [...counted]
              .sort(([a], [b]) => a - b)
              .map(([sum, ways]) => [sum, Math.floor((ways * 1e15) / sides ** count) / 1e15]),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('of a table may be added, taken away and multiplied', () => {
    const odds = oddsOf(parseFormula('2d6 - 1d4 * 2 + 1'));
    expect([...odds.values()].reduce((sum, chance) => sum + ratioOf(chance), 0)).toBeCloseTo(1, 9);
    expect(Math.min(...odds.keys())).toBe(-5);
    expect(Math.max(...odds.keys())).toBe(11);
    for (const text of ['d6!', '$x', '2d6 / 2', '30d6', '"a"', '3d2000', 'max(d6, d4)'])
      expect(() => oddsOf(parseFormula(text))).toThrow(FormulaFault);
  });
});
