import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyData } from '../../../test/support/destiny-data.js';
import { ITEM, profileAnswer } from '../../../test/support/profile-answers.js';
import { BungieFault } from './bungie-fault.js';
import type { ProfileSnapshot } from './profile-snapshot.js';
import { type AskedProfile, readProfile } from './read-profile.js';

const ASKED: AskedProfile = {
  membershipType: 3,
  membershipId: '4611686018400000001',
  receivedAtMs: Date.parse('2026-06-09T17:00:05Z'),
};
const parsed = (answer: object): unknown => JSON.parse(JSON.stringify(answer)) as unknown;
const read = (answer: object, asked: Partial<AskedProfile> = {}): ProfileSnapshot =>
  readProfile(parsed(answer), { ...ASKED, ...asked });

function faultOf(work: () => unknown): BungieFault {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(BungieFault);
    return error as BungieFault;
  }
  throw new Error('It was read');
}

describe('a profile', () => {
  it('is read as Bungie gives it', () => {
    const snapshot = read(profileAnswer());
    expect(snapshot).toMatchObject({
      membershipType: 3,
      membershipId: ASKED.membershipId,
      mintedAtMs: Date.parse('2026-06-09T17:00:00Z'),
      recordsMintedAtMs: Date.parse('2026-06-09T16:59:30Z'),
      lastPlayedAtMs: Date.parse('2026-06-09T16:58:00Z'),
      records: 'present',
      inventory: 'present',
      characters: [{ characterId: '2305843009200000001', classType: 2, minutesPlayed: 75_957, power: 1_990 }],
    });
    expect(snapshot.profileRecords.get(15_917_031)).toEqual({
      recordHash: 15_917_031,
      state: 4,
      objectives: [
        { objectiveHash: 7, progress: 968, completionValue: 700, isComplete: false, isVisible: true },
        { objectiveHash: 8, progress: null, completionValue: null, isComplete: true, isVisible: false },
      ],
    });
    expect(snapshot.characterRecords.get('2305843009200000001')?.get(206_322_164)?.state).toBe(12);
    expect(
      snapshot.items.map(({ itemInstanceId, location, characterId }) => [
        itemInstanceId,
        location,
        characterId,
      ]),
    ).toEqual([
      [ITEM.equipped, 'equipped', '2305843009200000001'],
      [ITEM.carried, 'inventory', '2305843009200000001'],
      [ITEM.lost, 'postmaster', '2305843009200000001'],
      [ITEM.vault, 'vault', null],
    ]);
    expect(snapshot.items[0]).toMatchObject({
      itemHash: 3_141_979_346,
      bucketHash: 1_498_876_634,
      state: 5,
      power: 1_311,
      damageType: 6,
      stats: [{ statHash: 4_043_523_819, value: 92 }],
      sockets: [
        { plugHash: 878_286_503, isEnabled: true, isVisible: true, choices: [878_286_503, 4_090_651_448] },
        { plugHash: null, isEnabled: false, isVisible: true, choices: [] },
      ],
    });
    expect(snapshot.items[3]).toMatchObject({ power: null, damageType: null, stats: [], sockets: [] });
  });

  it('keeps ids of 64 bits as they are written', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 64n - 1n), (id) => {
        const answer = profileAnswer();
        answer.profileInventory.data.items = [{ itemHash: 1, itemInstanceId: String(id) }];
        expect(read(answer).items.at(-1)!.itemInstanceId).toBe(String(id));
      }),
    );
  });

  it('tells what is hidden, what did not come and what is empty apart', () => {
    const hidden = read({ profileRecords: { privacy: 2 }, profileInventory: { privacy: 2 } });
    expect([hidden.records, hidden.inventory]).toEqual(['private', 'private']);
    const none = read({ characterEquipment: { data: {}, privacy: 1 } });
    expect([none.records, none.inventory]).toEqual(['absent', 'absent']);
    const disabled = read({ profileRecords: { privacy: 1, disabled: true } });
    expect(disabled.records).toBe('absent');
    const empty = read({
      profileRecords: { data: { records: {} }, privacy: 1 },
      profileInventory: { data: { items: [] }, privacy: 2 },
      characterInventories: { data: {}, privacy: 2 },
      characterEquipment: { data: {}, privacy: 1 },
    });
    expect([empty.records, empty.inventory, empty.items, empty.profileRecords.size]).toEqual([
      'present',
      'present',
      [],
      0,
    ]);
  });

  it('without its instants was minted when it came, and one of a far future not much later', () => {
    expect(read({})).toMatchObject({ mintedAtMs: ASKED.receivedAtMs, recordsMintedAtMs: ASKED.receivedAtMs });
    const ahead = read({
      responseMintedTimestamp: '2999-01-01T00:00:00Z',
      secondaryComponentsMintedTimestamp: 'soon',
    });
    expect(ahead.mintedAtMs).toBe(ASKED.receivedAtMs + 300_000);
    expect(ahead.recordsMintedAtMs).toBe(ahead.mintedAtMs);
  });

  it('of another player is none', () => {
    for (const answer of [profileAnswer(), { characters: profileAnswer().characters }])
      expect(faultOf(() => read(answer, { membershipId: '4611686018400000002' })).message).toContain(
        'another player',
      );
  });

  it('with strange numbers in it is read around them', () => {
    const answer = profileAnswer();
    answer.profileRecords.data.records = {
      '15917031': {
        state: 4_096 + 4,
        objectives: [{ objectiveHash: -1 }, null, { objectiveHash: 9, progress: 1e300 }],
      },
      '-3': { state: 1 },
      '4294967296': { state: 1 },
      a: { state: 1 },
      '5': { state: '4' },
      '6': { state: 1, objectives: null },
    };
    const { profileRecords } = read(answer);
    expect([...profileRecords.keys()].sort((a, b) => a - b)).toEqual([6, 15_917_031]);
    expect(profileRecords.get(15_917_031)).toMatchObject({
      state: 4_100,
      objectives: [{ objectiveHash: 9, progress: null, isComplete: false }],
    });
  });

  it('of any shape whatsoever is read or malformed, and what is read can be stored', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => holds(value)),
      { numRuns: 500 },
    );
  });

  it('with anything in the place of any of its parts, too', () => {
    const paths = [...pathsOf(profileAnswer())];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths), oddValues()), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const answer = parsed(profileAnswer());
          for (const [path, value] of changes) replace(answer, path, value);
          holds(answer);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function oddValues(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(null, -1, 1.5, 2 ** 32, 2 ** 53, '', '00', '1e3', 'NaN', true, [], {}, [null], [[]]),
    fc.constantFrom({ toString: 1, valueOf: 1 }, { length: 3 }, JSON.parse('{"__proto__":{"state":1}}')),
  );
}

/** Reads it, or it is malformed; whatever was read keeps to the ranges of its columns. */
function holds(answer: unknown): void {
  let snapshot: ProfileSnapshot;
  try {
    snapshot = readProfile(answer, ASKED);
  } catch (error) {
    expect(error).toBeInstanceOf(BungieFault);
    expect((error as BungieFault).kind).toBe('malformed');
    return;
  }
  const isHash = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const isInteger = (value: number | null): boolean =>
    value === null || (Number.isInteger(value) && Math.abs(value) < 2 ** 31);
  const isId = (value: string): boolean => /^[1-9]\d{0,19}$/.test(value);
  const records = [snapshot.profileRecords, ...snapshot.characterRecords.values()].flatMap((map) => [...map]);
  for (const [hash, record] of records) {
    expect(isHash(hash) && hash === record.recordHash && isInteger(record.state) && record.state >= 0).toBe(
      true,
    );
    for (const objective of record.objectives)
      expect(
        isHash(objective.objectiveHash) &&
          isInteger(objective.progress) &&
          isInteger(objective.completionValue),
      ).toBe(true);
  }
  for (const item of snapshot.items) {
    expect(isId(item.itemInstanceId) && isHash(item.itemHash) && isHash(item.bucketHash)).toBe(true);
    expect((item.characterId === null) === (item.location === 'vault')).toBe(true);
    expect([item.power, item.damageType, item.state].every(isInteger)).toBe(true);
    expect(item.stats.every(({ statHash, value }) => isHash(statHash) && isInteger(value))).toBe(true);
    for (const socket of item.sockets)
      expect((socket.plugHash === null || isHash(socket.plugHash)) && socket.choices.every(isHash)).toBe(
        true,
      );
  }
  expect(new Set(snapshot.items.map(({ itemInstanceId }) => itemInstanceId)).size).toBe(
    snapshot.items.length,
  );
  for (const character of snapshot.characters)
    expect(
      isId(character.characterId) && isInteger(character.minutesPlayed) && isInteger(character.power),
    ).toBe(true);
}

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* pathsOf(part, [...path, key]);
}

function replace(answer: unknown, path: readonly string[], value: unknown): void {
  let at = answer as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== 'object' || next === null) return;
    at = next as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}

const data = destinyData();

(data ? describe : describe.skip)('real profiles (need the folder shared/data/destiny)', () => {
  it('of 2021 with its inventory: every instance, each in its place', () => {
    const { Response: answer } = data!.json('profile_inventory_sample_2021.json.gz') as {
      Response: RealInventory;
    };
    const snapshot = readProfile(answer, { ...ASKED, membershipType: 2 });
    const lists: [string, { itemInstanceId?: string }[]][] = [
      ['equipped', Object.values(answer.characterEquipment.data).flatMap(({ items }) => items)],
      ['inventory', Object.values(answer.characterInventories.data).flatMap(({ items }) => items)],
      ['vault', answer.profileInventory.data.items],
    ];
    for (const [location, items] of lists)
      expect(
        snapshot.items
          .filter((item) => item.location === location)
          .map(({ itemInstanceId }) => itemInstanceId)
          .sort(),
      ).toEqual(items.flatMap(({ itemInstanceId }) => itemInstanceId ?? []).sort());
    expect(snapshot.items).toHaveLength(855);
    expect(snapshot.characters.map(({ minutesPlayed }) => String(minutesPlayed))).toEqual(
      Object.values(answer.characters.data).map(({ minutesPlayedTotal }) => minutesPlayedTotal),
    );
    for (const item of snapshot.items) {
      const sockets = answer.itemComponents.sockets.data[item.itemInstanceId]?.sockets ?? [];
      const plugs = answer.itemComponents.reusablePlugs.data[item.itemInstanceId]?.plugs ?? {};
      expect(item.sockets.map(({ plugHash }) => plugHash)).toEqual(
        sockets.map(({ plugHash }) => plugHash ?? null),
      );
      expect(item.sockets.map(({ choices }) => choices)).toEqual(
        sockets.map((_, index) => (plugs[index] ?? []).map(({ plugItemHash }) => plugItemHash)),
      );
      expect(item.power).toBe(
        answer.itemComponents.instances.data[item.itemInstanceId]?.primaryStat?.value ?? null,
      );
    }
  });

  it('with its records: 142 of them, numbers as they stand', () => {
    const { Response: answer } = data!.json('profile_records_sample.json') as { Response: RealRecords };
    const { profileRecords, records, inventory } = readProfile(answer, ASKED);
    expect([records, inventory]).toEqual(['present', 'absent']);
    const given = answer.profileRecords.data.records;
    expect(profileRecords.size).toBe(Object.keys(given).length);
    for (const [hash, { state, objectives = [] }] of Object.entries(given))
      expect(profileRecords.get(Number(hash))).toEqual({
        recordHash: Number(hash),
        state,
        objectives: objectives.map(({ objectiveHash, progress, completionValue, complete, visible }) => ({
          objectiveHash,
          progress: progress ?? null,
          completionValue,
          isComplete: complete,
          isVisible: visible,
        })),
      });
  });
});

interface RealRecords {
  profileRecords: {
    data: {
      records: Record<
        string,
        {
          state: number;
          objectives?: {
            objectiveHash: number;
            progress: number | null;
            completionValue: number;
            complete: boolean;
            visible: boolean;
          }[];
        }
      >;
    };
  };
}

interface RealInventory {
  characters: { data: Record<string, { minutesPlayedTotal: string }> };
  profileInventory: { data: { items: { itemInstanceId?: string }[] } };
  characterInventories: { data: Record<string, { items: { itemInstanceId?: string }[] }> };
  characterEquipment: { data: Record<string, { items: { itemInstanceId?: string }[] }> };
  itemComponents: {
    instances: { data: Record<string, { primaryStat?: { value: number } }> };
    sockets: { data: Record<string, { sockets: { plugHash?: number }[] }> };
    reusablePlugs: { data: Record<string, { plugs: Record<string, { plugItemHash: number }[]> }> };
  };
}
