import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { aColumn, aPerk, aWeapon } from '../../../test/support/weapon-views.js';
import { ELEMENTS, SLOTS } from '../catalysts/weapon-terms.js';
import { aggregate, filterWeapons, sortWeapons, WEAPON_GROUPS, WEAPON_SORTS } from './weapon-filters.js';
import type { WeaponView } from './weapon-view.js';

const anyWeapon = fc
  .record({
    itemHash: fc.integer({ min: 1, max: 6 }),
    name: fc.option(fc.constantFrom('Jötunn', 'Ace of Spades', 'The Jade Rabbit', 'Sunshot')),
    weaponType: fc.option(fc.constantFrom('Hand Cannon', 'Scout Rifle', 'Fusion Rifle')),
    element: fc.option(fc.constantFrom(...ELEMENTS)),
    slot: fc.option(fc.constantFrom(...SLOTS)),
    power: fc.option(fc.integer({ min: 0, max: 3 })),
    location: fc.constantFrom('equipped', 'inventory', 'vault', 'postmaster'),
    characterId: fc.option(fc.constantFrom('1', '2')),
    isMasterwork: fc.boolean(),
    columns: fc
      .array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })
      .map((hashes) => [aColumn('trait1', ...[...new Set(hashes)].map((hash) => aPerk(hash, `P${hash}`)))]),
  })
  .map((own) => aWeapon(own as Partial<WeaponView>));
const anyWeapons = fc.array(anyWeapon, { maxLength: 12 });

describe('a filter', () => {
  const outlaw = aWeapon({
    name: 'Jötunn',
    columns: [
      aColumn('trait1', aPerk(4, 'Outlaw Enhanced', 3), aPerk(9, 'Rampage')),
      aColumn('trait2', aPerk(5, null)),
    ],
  });

  it.each([
    ['a selected perk by name', { perks: ['outlaw'], isPerkSelected: true }, true],
    ['by the hash of its base', { perks: ['3'], isPerkSelected: true }, true],
    ['by its own hash', { perks: ['4'] }, true],
    ['one that is only selectable', { perks: ['Rampage'] }, true],
    ['the same, to be selected', { perks: ['Rampage'], isPerkSelected: true }, false],
    ['one without a name by its hash', { perks: ['5'], isPerkSelected: true }, true],
    ['two of which one is missing', { perks: ['Outlaw', 'Kill Clip'] }, false],
    ['a name without its accent', { q: 'jotun' }, true],
    ['another name', { q: 'sunshot' }, false],
    ['its kind in another case', { types: ['hand cannon'] }, true],
    ['no perk at all by a blank', { perks: [' '] }, false],
  ])('finds %s', (_what, filter, isFound) => {
    expect(filterWeapons([outlaw], filter)).toEqual(isFound ? [outlaw] : []);
  });

  const anyFilter = fc.record(
    {
      types: fc.subarray(['Hand Cannon', 'Scout Rifle']),
      elements: fc.subarray([...ELEMENTS]),
      slots: fc.subarray([...SLOTS]),
      locations: fc.subarray(['equipped', 'inventory', 'vault', 'postmaster'] as const),
      characterIds: fc.subarray(['1', '2']),
      perks: fc.subarray(['1', 'P2']),
      isPerkSelected: fc.boolean(),
      q: fc.constantFrom('', 'jade', 'sun'),
      isMasterwork: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it('of several parts keeps what passes each of them, in its order; none keeps all', () => {
    fc.assert(
      fc.property(anyWeapons, anyFilter, (weapons, filter) => {
        const { isPerkSelected, ...parts } = filter;
        const singles = Object.entries(parts).map(
          ([key, value]) =>
            new Set(
              filterWeapons(weapons, {
                [key]: value,
                ...(key === 'perks' && isPerkSelected !== undefined && { isPerkSelected }),
              }),
            ),
        );
        const expected = weapons.filter((weapon) => singles.every((passed) => passed.has(weapon)));
        expect(filterWeapons(weapons, filter)).toEqual(expected);
        expect(filterWeapons(weapons, {})).toEqual(weapons);
      }),
    );
  });

  it('for a selected perk finds no more than for a selectable one', () => {
    fc.assert(
      fc.property(anyWeapons, fc.constantFrom('1', 'P2', '3'), (weapons, perk) => {
        const selectable = filterWeapons(weapons, { perks: [perk] });
        for (const weapon of filterWeapons(weapons, { perks: [perk], isPerkSelected: true }))
          expect(selectable).toContain(weapon);
      }),
    );
  });
});

describe('an order', () => {
  it('has the same weapons, what is unknown last, and is the same for any order before', () => {
    const sort = fc.constantFrom(...WEAPON_SORTS);
    fc.assert(
      fc.property(anyWeapons, sort, fc.constantFrom('asc', 'desc'), (weapons, by, direction) => {
        const sorted = sortWeapons(weapons, by, direction);
        expect(new Set(sorted)).toEqual(new Set(weapons));
        expect(sortWeapons([...weapons].reverse(), by, direction)).toEqual(sorted);
        const keys = sorted.map((weapon) => (by === 'type' ? weapon.weaponType : weapon[by]));
        const known = keys.filter((key) => key !== null);
        expect(keys.slice(0, known.length)).toEqual(known);
        if (by === 'power')
          expect(known).toEqual(
            [...(known as number[])].sort((a, b) => (direction === 'asc' ? a - b : b - a)),
          );
      }),
    );
  });
});

describe('counts', () => {
  it('of a group add up to all weapons, but for perks, of which one has several', () => {
    fc.assert(
      fc.property(anyWeapons, fc.constantFrom(...WEAPON_GROUPS), (weapons, groupBy) => {
        const counts = aggregate(weapons, groupBy);
        expect(new Set(counts.map(({ key }) => key)).size).toBe(counts.length);
        expect(counts.map(({ count }) => count)).toEqual(
          counts.map(({ count }) => count).sort((a, b) => b - a),
        );
        const total = counts.reduce((sum, { count }) => sum + count, 0);
        const perks = weapons.flatMap(({ columns }) => columns.flatMap(({ selectable }) => selectable));
        expect(total).toBe(groupBy === 'perk' ? perks.length : weapons.length);
      }),
    );
  });

  it('of a perk are the weapons that its filter finds', () => {
    fc.assert(
      fc.property(anyWeapons, (weapons) => {
        for (const { key, count } of aggregate(weapons, 'perk'))
          expect(filterWeapons(weapons, { perks: [key!] })).toHaveLength(count);
      }),
    );
  });
});

(destinyFactsFolder === undefined ? describe.skip : describe)(
  'a vault of 624 weapons (needs recorded data)',
  () => {
    interface Exported {
      Name: string;
      Hash: number;
      Type: string;
      Element: string;
      Perks: string[];
      Id: string;
    }
    const rows = JSON.parse(readDestinyFacts('weapons_export_sample.json.gz')) as Exported[];
    const weapons = rows.map((row) =>
      aWeapon({
        itemInstanceId: row.Id,
        itemHash: row.Hash,
        name: row.Name,
        weaponType: row.Type,
        element: row.Element.toLowerCase() as WeaponView['element'],
        columns: row.Perks.map((perk, index) => ({
          ...aColumn('trait1', aPerk(index, perk.replace(/\*$/, ''))),
          ...(!perk.endsWith('*') && { selected: null }),
        })),
      }),
    );

    it('is counted and searched like its export says', () => {
      expect(aggregate(weapons, 'type').slice(0, 3)).toEqual([
        { key: 'Auto Rifle', count: 55 },
        { key: 'Pulse Rifle', count: 53 },
        { key: 'Hand Cannon', count: 51 },
      ]);
      expect(aggregate(weapons, 'element').find(({ key }) => key === 'strand')).toEqual({
        key: 'strand',
        count: 66,
      });
      const withOutlaw = rows.filter(({ Perks }) =>
        Perks.some((perk) => /^Outlaw( Enhanced)?\*?$/.test(perk)),
      );
      expect(withOutlaw.length).toBeGreaterThan(5);
      expect(
        filterWeapons(weapons, { perks: ['outlaw'] }).map(({ itemInstanceId }) => itemInstanceId),
      ).toEqual(withOutlaw.map(({ Id }) => Id));
      const plugged = withOutlaw.filter(({ Perks }) =>
        Perks.some((perk) => /^Outlaw( Enhanced)?\*$/.test(perk)),
      );
      expect(filterWeapons(weapons, { perks: ['outlaw'], isPerkSelected: true })).toHaveLength(
        plugged.length,
      );
    });
  },
);
