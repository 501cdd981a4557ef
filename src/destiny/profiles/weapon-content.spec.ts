import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemSnapshot } from '../bungie/profile-snapshot.js';
import { contentOf, isWeapon } from './weapon-content.js';

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const item: fc.Arbitrary<ItemSnapshot> = fc.record({
  itemInstanceId: fc.constant('6917529400000000001'),
  itemHash: hash,
  bucketHash: hash,
  location: fc.constantFrom('equipped', 'inventory', 'vault', 'postmaster'),
  characterId: fc.option(fc.constantFrom('2305843009600000001', '2305843009600000002'), { nil: null }),
  state: fc.nat(31),
  power: fc.option(fc.nat(3_000), { nil: null }),
  damageType: fc.option(fc.nat(9), { nil: null }),
  stats: fc.uniqueArray(fc.record({ statHash: hash, value: fc.integer({ min: -100, max: 100 }) }), {
    selector: ({ statHash }) => statHash,
    maxLength: 5,
  }),
  sockets: fc.array(
    fc.record({
      plugHash: fc.option(hash, { nil: null }),
      isEnabled: fc.boolean(),
      isVisible: fc.boolean(),
      choices: fc.array(hash, { maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
});

/** One field of a copy, changed. */
const CHANGES: readonly ((from: ItemSnapshot) => ItemSnapshot)[] = [
  (from) => ({ ...from, itemHash: from.itemHash ^ 1 }),
  (from) => ({ ...from, bucketHash: from.bucketHash ^ 1 }),
  (from) => ({ ...from, location: from.location === 'vault' ? 'equipped' : 'vault' }),
  (from) => ({ ...from, characterId: from.characterId === null ? '7' : null }),
  (from) => ({ ...from, state: from.state ^ 1 }),
  (from) => ({ ...from, power: (from.power ?? 0) + 1 }),
  (from) => ({ ...from, damageType: (from.damageType ?? 0) + 1 }),
  (from) => ({ ...from, stats: [...from.stats, { statHash: -1, value: 0 }] }),
  (from) => ({ ...from, stats: from.stats.slice(1) }),
  (from) => ({
    ...from,
    sockets: [...from.sockets, { plugHash: null, isEnabled: true, isVisible: true, choices: [] }],
  }),
  (from) => ({
    ...from,
    sockets: from.sockets.map((socket) => ({ ...socket, isEnabled: !socket.isEnabled })),
  }),
  (from) => ({
    ...from,
    sockets: from.sockets.map((socket) => ({ ...socket, choices: [1, ...socket.choices] })),
  }),
];

describe('the content of a copy', () => {
  it('is the same text in whatever order its stats and fields come', () => {
    fc.assert(
      fc.property(item, (one) => {
        const fields = Object.entries(structuredClone(one)).reverse();
        const other = { ...(Object.fromEntries(fields) as unknown as ItemSnapshot) };
        expect(contentOf({ ...other, stats: [...one.stats].reverse() })).toBe(contentOf(one));
      }),
    );
  });

  it('is another one where anything of it is', () => {
    fc.assert(
      fc.property(item, fc.constantFrom(...CHANGES), (one, change) => {
        const other = change(one);
        fc.pre(JSON.stringify(other) !== JSON.stringify(one));
        expect(contentOf(other)).not.toBe(contentOf(one));
      }),
    );
  });

  it('keeps sockets in their places', () => {
    const socket = (plugHash: number) => ({ plugHash, isEnabled: true, isVisible: true, choices: [] });
    fc.assert(
      fc.property(item, hash, hash, (one, a, b) => {
        fc.pre(a !== b);
        const [there, back] = [
          [socket(a), socket(b)],
          [socket(b), socket(a)],
        ];
        expect(contentOf({ ...one, sockets: there })).not.toBe(contentOf({ ...one, sockets: back }));
      }),
    );
  });
});

describe('a weapon', () => {
  it('is what deals damage and is no subclass', () => {
    fc.assert(
      fc.property(item, (one) => {
        const weapon = { ...one, damageType: 3, bucketHash: 1_498_876_634 };
        expect(isWeapon(weapon)).toBe(true);
        expect(isWeapon({ ...weapon, damageType: 4_096 })).toBe(true); // one that we do not know yet
        expect(isWeapon({ ...weapon, bucketHash: 3_284_755_031 })).toBe(false);
        expect(isWeapon({ ...weapon, damageType: null })).toBe(false);
        expect(isWeapon({ ...weapon, damageType: 0 })).toBe(false);
      }),
    );
  });
});
