import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputValidationPipe } from '../../platform/http/validation.pipe.js';
import { CATALYST_SORTS } from './catalyst-list.js';
import { CatalystsQueryDto } from './catalysts.dto.js';
import { catalystsQuerySchema, STATE_FILTERS } from './catalysts-query.js';
import { ACTIVITIES } from './objective-kind.js';
import { ELEMENTS, SLOTS, WEAPON_TYPES } from './weapon-terms.js';

const strange = fc.constantFrom(
  '',
  ' ',
  '0',
  '1',
  '200',
  '201',
  '-1',
  '1e3',
  '0x1',
  '99.5',
  '100.1',
  'true',
  'yes',
  ',',
  'arc, void',
);
const list = (known: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.array(fc.constantFrom(...known), { minLength: 1, maxLength: 3 }).map((words) => words.join(', ')),
    strange,
    fc.array(strange, { minLength: 2, maxLength: 2 }),
  );
const number = fc.oneof(
  fc.integer({ min: -1, max: 1_001 }).map(String),
  fc.double({ min: -1, max: 101, noNaN: true }).map((value) => value.toFixed(2)),
  strange,
);
const flag = fc.oneof(fc.constantFrom('true', 'false'), strange);

const fields: Record<string, fc.Arbitrary<unknown>> = {
  limit: number,
  cursor: fc.string({ maxLength: 2_200, size: 'max' }),
  state: list(STATE_FILTERS),
  weaponType: list(WEAPON_TYPES),
  element: list(ELEMENTS),
  slot: list(SLOTS),
  activity: list(ACTIVITIES),
  minPct: number,
  maxPct: number,
  season: number,
  isNearCompletion: flag,
  isTracked: flag,
  q: fc.oneof(fc.string({ maxLength: 120 }), fc.array(fc.string(), { maxLength: 2 })),
  sort: fc.oneof(fc.constantFrom(...CATALYST_SORTS), strange),
  other: strange,
};
/** Few at a time, since one that is wrong refuses them all. */
const query = fc
  .subarray(Object.keys(fields), { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, fields[name]!]))));

const pipe = new InputValidationPipe();

/** What the documented class makes of it; null = refused. */
async function byClass(given: object): Promise<object | null> {
  try {
    return (await pipe.transform({ ...given }, { type: 'query', metatype: CatalystsQueryDto })) as object;
  } catch {
    return null;
  }
}

describe('the query of the catalyst list', () => {
  it('is taken and refused exactly as its documented class says', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(query, async (given) => {
        const parsed = catalystsQuerySchema.safeParse(given);
        const expected = await byClass(given);
        expect(parsed.success).toBe(expected !== null);
        if (!parsed.success || expected === null) return;
        taken += 1;
        const known = Object.entries(expected).filter(([, value]) => value !== undefined);
        expect(parsed.data).toEqual(Object.fromEntries(known));
      }),
      { numRuns: 1_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it.each([
    [{}, { limit: 200, sort: 'pct' }],
    [
      { state: 'missing, incomplete', minPct: '12.5', isTracked: 'false', season: '4' },
      {
        limit: 200,
        sort: 'pct',
        state: ['missing', 'incomplete'],
        minPct: 12.5,
        isTracked: false,
        season: 4,
      },
    ],
  ])('%j', (given, expected) => {
    expect(catalystsQuerySchema.parse(given)).toEqual(expected);
  });
});
