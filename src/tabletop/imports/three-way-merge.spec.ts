import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBeyondSheet } from '../../../test/support/dndbeyond-sample.js';
import { aSheet } from '../../../test/support/sheets.js';
import { readDndBeyondCharacter } from './dndbeyond-character.reader.js';
import type { Dnd5eSheet } from './dnd5e-sheet.js';
import { isSame, type Json, mergeThreeWays } from './three-way-merge.js';

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const sheets = aSheet().map((sheet) => JSON.parse(JSON.stringify(sheet)) as Json);
const anything = fc.oneof(json, sheets);

describe('merging three ways', () => {
  it('takes theirs where nothing has changed here', () => {
    fc.assert(
      fc.property(anything, anything, (before, theirs) => {
        expect(mergeThreeWays(before, before, theirs)).toMatchObject({ merged: theirs, conflicts: [] });
      }),
    );
  });

  it('keeps ours where nothing has changed there', () => {
    fc.assert(
      fc.property(anything, anything, (before, ours) => {
        expect(mergeThreeWays(before, ours, before)).toEqual({ merged: ours, conflicts: [], taken: [] });
      }),
    );
  });

  it('finds no conflict where both have changed to the same', () => {
    fc.assert(
      fc.property(anything, anything, (before, both) => {
        expect(mergeThreeWays(before, both, both)).toEqual({ merged: both, conflicts: [], taken: [] });
      }),
    );
  });

  it('changes nothing more when the same sheet comes again', () => {
    fc.assert(
      fc.property(anything, anything, anything, (before, ours, theirs) => {
        const { merged } = mergeThreeWays(before, ours, theirs);
        const again = mergeThreeWays(theirs, merged, theirs);
        expect(again).toEqual({ merged, conflicts: [], taken: [] });
      }),
    );
  });

  it('has of each field of a sheet ours or theirs, and tells each that both have changed differently', () => {
    fc.assert(
      fc.property(aSheet(), aSheet(), aSheet(), (before, ours, theirs) => {
        const merge = mergeThreeWays(
          before as unknown as Json,
          ours as unknown as Json,
          theirs as unknown as Json,
        );
        const merged = merge.merged as unknown as Dnd5eSheet;
        for (const key of ['level', 'species', 'alignment', 'languages', 'isInspired'] as const) {
          const [was, here, there] = [before[key], ours[key], theirs[key]] as [Json, Json, Json];
          const isConflict = !isSame(here, there) && !isSame(was, here) && !isSame(was, there);
          expect(merge.conflicts.some(({ path }) => path === `/${key}`)).toBe(isConflict);
          expect(merged[key]).toEqual(isSame(was, here) ? there : here);
        }
      }),
    );
  });

  it('merges lists thing by thing', () => {
    const thing = (id: string, quantity: number): Json => ({ id, quantity });
    const merge = mergeThreeWays(
      [thing('arrow', 20), thing('sword', 1), thing('lamp', 1), thing('oil', 3)],
      [thing('arrow', 12), thing('sword', 1), thing('lamp', 2), thing('oil', 1), thing('own', 1)],
      [thing('arrow', 20), thing('lamp', 1), thing('oil', 2), thing('new', 7)],
    );
    expect(merge.merged).toEqual([
      thing('arrow', 12),
      thing('lamp', 2),
      thing('oil', 1),
      thing('own', 1),
      thing('new', 7),
    ]);
    expect(merge.conflicts).toEqual([{ path: '/#oil/quantity', before: 3, ours: 1, theirs: 2 }]);
    expect(merge.taken).toEqual(['/#sword', '/#new']);
  });

  it('keeps a thing that was changed here and is gone there, and says so', () => {
    const merge = mergeThreeWays([{ id: 'a', n: 1 }], [{ id: 'a', n: 2 }], []);
    expect(merge.merged).toEqual([{ id: 'a', n: 2 }]);
    expect(merge.conflicts).toEqual([
      { path: '/#a', before: { id: 'a', n: 1 }, ours: { id: 'a', n: 2 }, theirs: undefined },
    ]);
  });

  it('is not led astray by names of objects’ own', () => {
    const evil = JSON.parse('{"__proto__": {"isGm": true}, "constructor": 1, "toString": 2}') as Json;
    const { merged } = mergeThreeWays({}, { own: 1 }, evil);
    expect(({} as { isGm?: boolean }).isGm).toBeUndefined();
    expect(Object.keys(merged as object).sort()).toEqual(['__proto__', 'constructor', 'own', 'toString']);
  });
});

describe('a second import of a character', () => {
  it('brings what has changed over there, keeps what was changed here, and lists what both have', () => {
    const first = readDndBeyondCharacter(aBeyondSheet()).character.sheet;
    const later = aBeyondSheet();
    Object.assign(later.data, { removedHitPoints: 3, currentXp: 25_000, inspiration: false });
    (later.data.inventory as { id: number; quantity: number }[]).find(({ id }) => id === 15)!.quantity = 31;
    const second = readDndBeyondCharacter(later).character.sheet;
    const ours: Dnd5eSheet = {
      ...first,
      hitPoints: { ...first.hitPoints, current: 12 },
      languages: [...first.languages, 'Bee Dance'],
      inventory: first.inventory.map((item) =>
        item.name === 'Quiver' ? { ...item, name: 'Old quiver' } : item,
      ),
    };
    const { merged, conflicts } = mergeThreeWays(
      first as unknown as Json,
      ours as unknown as Json,
      second as unknown as Json,
    );
    const sheet = merged as unknown as Dnd5eSheet;
    expect(sheet).toMatchObject({
      experiencePoints: 25_000,
      isInspired: false,
      languages: ['Elvish', 'Bee Dance'],
    });
    expect(sheet.inventory.find(({ id }) => id === 'item-15')?.quantity).toBe(31);
    expect(sheet.inventory.find(({ id }) => id === 'item-16')?.name).toBe('Old quiver');
    expect(sheet.hitPoints.current).toBe(12);
    expect(conflicts).toEqual([{ path: '/hitPoints/current', before: 68, ours: 12, theirs: 75 }]);
  });
});
