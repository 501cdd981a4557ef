import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import type { ItemSnapshot, SocketSnapshot } from '../bungie/profile-snapshot.js';
import type {
  PlugCategory,
  PlugDefinition,
  WeaponDefinition,
  WeaponDefinitions,
} from './weapon-definition.js';
import { toWeaponView } from './weapon-view.js';

const VAULT = 138_197_802;
const KINETIC = 1_498_876_634;
const NOTHING: WeaponDefinitions = { weapon: () => null, plug: () => null };

const socket = (plugHash: number | null, ...choices: number[]): SocketSnapshot => ({
  plugHash,
  isEnabled: true,
  isVisible: true,
  choices,
});

function anItem(own: Partial<ItemSnapshot> = {}): ItemSnapshot {
  return {
    itemInstanceId: '6917530000000000780',
    itemHash: 77,
    bucketHash: KINETIC,
    location: 'equipped',
    characterId: '2305843009200000001',
    state: 0,
    power: 1_311,
    damageType: 1,
    stats: [],
    sockets: [],
    ...own,
  };
}

const WEAPON: WeaponDefinition = {
  itemHash: 77,
  name: 'Old Friend',
  icon: '/icon.jpg',
  weaponType: 'Hand Cannon',
  element: 'kinetic',
  slot: 'kinetic',
  ammo: 'primary',
  tierType: 5,
  isAdept: true,
  categoryHashes: [1, 2, 6],
  sockets: (['intrinsic', 'barrel', 'trait1', 'trait2', 'other'] as const).map((category) => ({ category })),
};
const aPlug = (plugHash: number, name: string, category: PlugCategory, baseHash: number | null = null) =>
  ({ plugHash, name, icon: null, category, baseHash }) satisfies PlugDefinition;
const PLUGS = new Map<number, PlugDefinition>(
  [
    aPlug(1, 'Precision Frame', 'intrinsic'),
    aPlug(2, 'Arrowhead Brake', 'barrel'),
    aPlug(3, 'Outlaw', 'trait'),
    aPlug(4, 'Outlaw Enhanced', 'trait', 3),
    aPlug(5, 'Kill Clip', 'trait'),
    aPlug(6, 'Ramen', 'shader'),
  ].map((plug) => [plug.plugHash, plug]),
);
const KNOWN: WeaponDefinitions = {
  weapon: (hash) => (hash === 77 ? WEAPON : null),
  plug: (hash) => PLUGS.get(hash) ?? null,
};

describe('a weapon', () => {
  const item = anItem({
    state: 1 + 8,
    damageType: 2,
    stats: [
      { statHash: 1240592695, value: 82 },
      { statHash: 5, value: 1 },
    ],
    sockets: [socket(1), socket(2, 2, 999), socket(4, 3, 4), socket(5), socket(6), socket(null)],
  });
  const view = toWeaponView(item, KNOWN)!;

  it('is told in the words of its definition, with the element of the copy', () => {
    expect(view).toMatchObject({
      name: 'Old Friend',
      weaponType: 'Hand Cannon',
      element: 'arc',
      slot: 'kinetic',
      rarity: 'legendary',
      location: 'equipped',
      isEquipped: true,
      characterId: '2305843009200000001',
      isLocked: true,
      isMasterwork: false,
      isCrafted: true,
      isAdept: true,
      stats: [
        { statHash: 1240592695, name: 'Range', value: 82 },
        { statHash: 5, name: null, value: 1 },
      ],
    });
  });

  it('tells what is selected from what could be, and an enhanced trait by its base', () => {
    expect(
      view.columns.map(({ category, selected, selectable }) => [
        category,
        selected?.name,
        ...selectable.map(({ plugHash, name, baseHash, isEnhanced }) => [
          plugHash,
          name,
          baseHash,
          isEnhanced,
        ]),
      ]),
    ).toEqual([
      ['intrinsic', 'Precision Frame', [1, 'Precision Frame', 1, false]],
      ['barrel', 'Arrowhead Brake', [2, 'Arrowhead Brake', 2, false], [999, null, 999, false]],
      ['trait1', 'Outlaw Enhanced', [4, 'Outlaw Enhanced', 3, true], [3, 'Outlaw', 3, false]],
      ['trait2', 'Kill Clip', [5, 'Kill Clip', 5, false]],
      ['shader', 'Ramen', [6, 'Ramen', 6, false]],
    ]);
  });

  it('that no definition explains keeps its hashes, and columns where its plugs are known', () => {
    const bare = toWeaponView({ ...item, itemHash: 4_242 }, { ...KNOWN, weapon: () => null })!;
    expect(bare).toMatchObject({ itemHash: 4_242, name: null, weaponType: null, slot: 'kinetic' });
    expect(bare.columns.map(({ category }) => category)).toEqual([
      'intrinsic',
      'barrel',
      'trait1',
      'trait2',
      'shader',
    ]);
    const blank = toWeaponView({ ...item, itemHash: 4_242 }, NOTHING)!;
    expect(blank.columns.map(({ category, selected }) => [category, selected?.plugHash])).toEqual([
      ['other', 1],
      ['other', 2],
      ['other', 4],
      ['other', 5],
      ['other', 6],
    ]);
  });

  it('is told from armour and subclasses without definitions', () => {
    const isWeapon = (own: Partial<ItemSnapshot>) => toWeaponView(anItem(own), NOTHING) !== null;
    expect(isWeapon({ bucketHash: KINETIC })).toBe(true);
    expect(isWeapon({ bucketHash: VAULT, damageType: 3 })).toBe(true);
    expect(isWeapon({ bucketHash: VAULT, damageType: null })).toBe(false);
    expect(isWeapon({ bucketHash: 3_448_274_439, damageType: null })).toBe(false);
    expect(isWeapon({ bucketHash: 3_284_755_031, damageType: 2 })).toBe(false);
  });

  it('never loses what is plugged in, and never names a trait column twice', () => {
    const hash = fc.integer({ min: 1, max: 8 });
    const sockets = fc.array(
      fc.record({
        plugHash: fc.option(hash),
        isEnabled: fc.boolean(),
        isVisible: fc.boolean(),
        choices: fc.array(hash, { maxLength: 4 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(sockets, fc.boolean(), (given, isKnown) => {
        const { columns } = toWeaponView(anItem({ sockets: given }), {
          ...KNOWN,
          weapon: () => (isKnown ? WEAPON : null),
        })!;
        for (const [index, { plugHash, choices }] of given.entries()) {
          const column = columns.find(({ socketIndex }) => socketIndex === index);
          expect(column?.selected?.plugHash ?? null).toBe(plugHash);
          const held = new Set([...(plugHash === null ? [] : [plugHash]), ...choices]);
          expect(new Set(column?.selectable.map((perk) => perk.plugHash))).toEqual(held);
        }
        for (const trait of ['trait1', 'trait2'])
          expect(columns.filter(({ category }) => category === trait).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

interface Recorded {
  Response: {
    profileInventory: { data: { items: RecordedItem[] } };
    characterEquipment: { data: Record<string, { items: RecordedItem[] }> };
    itemComponents: {
      instances: { data: Record<string, { damageType?: number }> };
      sockets: { data: Record<string, { sockets: { plugHash?: number }[] }> };
      reusablePlugs: { data: Record<string, { plugs: Record<string, { plugItemHash: number }[]> }> };
    };
  };
}
interface RecordedItem {
  itemHash: number;
  itemInstanceId?: string;
  bucketHash: number;
  state: number;
}

(destinyFactsFolder === undefined ? describe.skip : describe)('a real vault (needs recorded data)', () => {
  const { Response: profile } = JSON.parse(
    readDestinyFacts('profile_inventory_sample_2021.json.gz'),
  ) as Recorded;
  const { instances, sockets, reusablePlugs } = profile.itemComponents;
  const snapshotOf = ({ itemInstanceId: id = '', itemHash, bucketHash, state }: RecordedItem): ItemSnapshot =>
    anItem({
      itemInstanceId: id,
      itemHash,
      bucketHash,
      state,
      location: bucketHash === VAULT ? 'vault' : 'equipped',
      damageType: instances.data[id]?.damageType || null,
      sockets: (sockets.data[id]?.sockets ?? []).map(({ plugHash = null }, index) => ({
        plugHash,
        isEnabled: true,
        isVisible: true,
        choices: (reusablePlugs.data[id]?.plugs[index] ?? []).map(({ plugItemHash }) => plugItemHash),
      })),
    });

  it('shows its weapons before there is a manifest', () => {
    const worn = Object.values(profile.characterEquipment.data).flatMap(({ items }) => items);
    const views = worn.map((item) => toWeaponView(snapshotOf(item), NOTHING)).filter((view) => view !== null);
    expect(views).toHaveLength(9); // three characters with three weapons each
    expect(views.map(({ slot }) => slot).sort()).toEqual(
      ['energy', 'energy', 'energy', 'kinetic', 'kinetic', 'kinetic', 'power', 'power', 'power'].sort(),
    );
    const kept = profile.profileInventory.data.items
      .filter(({ itemInstanceId }) => itemInstanceId !== undefined)
      .map((item) => toWeaponView(snapshotOf(item), NOTHING))
      .filter((view) => view !== null);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.filter(({ columns }) => columns.length < 4)).toEqual([]);
    expect(kept.some(({ columns }) => columns.some(({ selectable }) => selectable.length > 1))).toBe(true);
  });
});
