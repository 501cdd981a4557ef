import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { columnsOf, mainCategory, plugCategoryOf } from './plug-category.js';
import {
  readPlugDefinition,
  readSocketTypeDefinition,
  readWeaponDefinition,
  type SocketLookups,
} from './read-weapon-definition.js';
import type { PlugCategory } from './weapon-definition.js';

const NO_LOOKUPS: SocketLookups = { socketType: () => null, plugCategory: () => null };

describe('the kind of a plug', () => {
  it.each<[string, PlugCategory]>([
    ['intrinsics', 'intrinsic'],
    ['barrels', 'barrel'],
    ['tubes', 'barrel'],
    ['bowstrings', 'barrel'],
    ['blades', 'barrel'],
    ['hafts', 'barrel'],
    ['scopes', 'barrel'],
    ['magazines', 'magazine'],
    ['magazines_gl', 'magazine'],
    ['batteries', 'magazine'],
    ['guards', 'magazine'],
    ['arrows', 'magazine'],
    ['frames', 'trait'],
    ['grips', 'trait'],
    ['stocks', 'trait'],
    ['origins', 'origin'],
    ['v400.plugs.weapons.masterworks.stat.range', 'masterwork'],
    ['v300.new.auto_rifle0.masterwork', 'masterwork'],
    ['v400.plugs.weapons.masterworks.trackers', 'other'],
    ['v400.weapon.mod_guns', 'mod'],
    ['v400.weapon.mod_magazines', 'mod'],
    ['crafting.plugs.weapons.mods.memories', 'other'],
    ['crafting.plugs.frame_identifiers', 'other'],
    ['v460.plugs.armor.masterworks.stat.resistance1', 'other'],
    ['shader', 'shader'],
    ['hologram', 'other'],
    ['', 'other'],
    ['constructor', 'other'],
  ])('%s is %s', (identifier, category) => {
    expect(plugCategoryOf(identifier)).toBe(category);
  });

  it('does not depend on case, nor on what the path is made longer by', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,6}\d{1,3}$/), { maxLength: 3 });
    const column = fc.constantFrom('barrels', 'magazines', 'frames', 'origins', 'intrinsics', 'shader');
    fc.assert(
      fc.property(words, column, words, (before, word, after) => {
        const identifier = [...before, word, ...after].join('.');
        expect(plugCategoryOf(identifier)).toBe(plugCategoryOf(word));
        expect(plugCategoryOf(identifier.toUpperCase())).toBe(plugCategoryOf(word));
      }),
    );
  });
});

describe('columns', () => {
  const categories = fc.array(
    fc.constantFrom<PlugCategory>('intrinsic', 'barrel', 'magazine', 'trait', 'origin', 'mod', 'other'),
  );

  it('number the traits in their order and leave all else as it is', () => {
    fc.assert(
      fc.property(categories, (given) => {
        const columns = columnsOf(given);
        expect(columns).toHaveLength(given.length);
        const traits = given.flatMap((category, index) => (category === 'trait' ? [columns[index]] : []));
        expect(traits).toEqual(
          ['trait1', 'trait2', ...traits.slice(2).map(() => 'other')].slice(0, traits.length),
        );
        for (const [index, category] of given.entries())
          if (category !== 'trait') expect(columns[index]).toBe(category);
      }),
    );
  });

  it('do not depend on the order in which a socket lists what fits', () => {
    fc.assert(fc.property(categories, (given) => mainCategory(given) === mainCategory([...given].reverse())));
  });
});

/** As the manifest writes a hand cannon of today. */
const HAND_CANNON = {
  hash: 1_234,
  itemType: 3,
  itemSubType: 9,
  itemTypeDisplayName: 'Handfeuerwaffe',
  displayProperties: { name: 'Old Friend (Adept)', icon: '/icon.jpg' },
  defaultDamageType: 7,
  itemCategoryHashes: [1, 2, 6],
  inventory: { bucketTypeHash: 1_498_876_634, tierType: 5 },
  equippingBlock: { ammoType: 1 },
  sockets: {
    socketEntries: [
      { socketTypeHash: 1, singleInitialItemHash: 10 },
      { socketTypeHash: 2, singleInitialItemHash: 0 },
      { socketTypeHash: 3 },
      { socketTypeHash: 4 },
      { socketTypeHash: 4 },
      { socketTypeHash: 5 },
      { socketTypeHash: 99, singleInitialItemHash: 77 },
      { socketTypeHash: 99 },
    ],
  },
};
const SOCKET_TYPES = new Map(
  [
    [1, ['intrinsics']],
    [2, ['barrels', 'tubes']],
    [3, ['magazines']],
    [4, ['frames', 'crafting.plugs.frame_identifiers']],
    [5, ['v400.weapon.mod_guns', 'v400.weapon.mod_magazine']],
  ].map(([hash, identifiers]) => [
    hash as number,
    readSocketTypeDefinition({
      plugWhitelist: (identifiers as string[]).map((categoryIdentifier) => ({ categoryIdentifier })),
    }),
  ]),
);
const LOOKUPS: SocketLookups = {
  socketType: (hash) => SOCKET_TYPES.get(hash) ?? null,
  plugCategory: (hash) => (hash === 77 ? 'shader' : null),
};

describe('a weapon of the manifest', () => {
  it('is reduced to what is used of it', () => {
    expect(readWeaponDefinition(HAND_CANNON, LOOKUPS)).toEqual({
      itemHash: 1_234,
      name: 'Old Friend (Adept)',
      icon: '/icon.jpg',
      weaponType: 'Hand Cannon',
      element: 'strand',
      slot: 'kinetic',
      ammo: 'primary',
      tierType: 5,
      isAdept: true,
      categoryHashes: [1, 2, 6],
      sockets: ['intrinsic', 'barrel', 'magazine', 'trait1', 'trait2', 'mod', 'shader', 'other'].map(
        (category) => ({ category }),
      ),
    });
  });

  it('loses a part that is missing or malformed, and nothing else', () => {
    const parts = Object.keys(HAND_CANNON).filter((key) => !['hash', 'itemType'].includes(key));
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (key, value) => {
        const read = readWeaponDefinition({ ...HAND_CANNON, [key]: value }, LOOKUPS);
        expect(read?.itemHash).toBe(1_234);
        if (key !== 'displayProperties') expect(read?.name).toBe('Old Friend (Adept)');
        if (key !== 'sockets') expect(read?.sockets).toHaveLength(8);
      }),
    );
  });

  it.each([
    ['armour', { ...HAND_CANNON, itemType: 2 }],
    ['without a hash', { ...HAND_CANNON, hash: undefined }],
    ['with a signed hash', { ...HAND_CANNON, hash: -2_126_480_829 }],
    ['null', null],
    ['text', 'weapon'],
  ])('is none when it is %s', (_what, json) => {
    expect(readWeaponDefinition(json, LOOKUPS)).toBeNull();
  });
});

describe('a plug of the manifest', () => {
  const plug = {
    hash: 5,
    displayProperties: { name: 'Outlaw Enhanced' },
    plug: { plugCategoryIdentifier: 'frames' },
  };

  it('knows its kind and what it enhances', () => {
    expect(readPlugDefinition(plug, new Map([[5, 4]]))).toEqual({
      plugHash: 5,
      name: 'Outlaw Enhanced',
      icon: null,
      category: 'trait',
      baseHash: 4,
    });
    expect(readPlugDefinition({ ...plug, hash: 4 }, new Map([[5, 4]]))?.baseHash).toBeNull();
  });

  it('is none without a plug', () => {
    expect(readPlugDefinition(HAND_CANNON, new Map())).toBeNull();
  });
});

(destinyFactsFolder === undefined ? describe.skip : describe)('weapons of 2017 (needs recorded data)', () => {
  it('are all read, with an element, a slot and a type', () => {
    const slice = JSON.parse(readDestinyFacts('manifest_slice_2017_weapons.json')) as {
      DestinyInventoryItemDefinition: { id: number; json: { hash: number; displayProperties: object } }[];
    };
    const rows = slice.DestinyInventoryItemDefinition;
    const read = rows.map(({ json }) => readWeaponDefinition(json, NO_LOOKUPS)!);
    expect(read).toHaveLength(106);
    expect(read.map(({ itemHash }) => itemHash)).toEqual(rows.map(({ id }) => id >>> 0));
    const count = (key: 'element' | 'slot') =>
      Object.fromEntries(
        [...new Set(read.map((weapon) => weapon[key]))].map((value) => [
          value,
          read.filter((weapon) => weapon[key] === value).length,
        ]),
      );
    expect(count('element')).toEqual({ kinetic: 32, arc: 31, solar: 21, void: 22 });
    expect(count('slot')).toEqual({ kinetic: 32, energy: 25, power: 49 });
    // Early definitions call these by their display name alone.
    expect(read.filter(({ weaponType }) => weaponType === 'Grenade Launcher')).toHaveLength(13);
    expect(read.filter(({ weaponType, name }) => weaponType === '' || name === '')).toEqual([]);
    expect(read.find(({ itemHash }) => itemHash === 2_168_486_467)).toMatchObject({
      name: 'Wicked Sister',
      weaponType: 'Grenade Launcher',
      slot: 'power',
      element: 'solar',
      tierType: 5,
    });
  });
});
