import { randomOf } from './random-data.js';

// A full profile as GetProfile has it: components 100, 102, 200, 201, 205, 300, 305, 310 and 900, about 3 MB. A vault of 600 of its 700 places
// and three characters' bags; sockets with the fields that the game sends along; 2,600 records of the profile and 900 of each character.

type Random = () => number;

const CHARACTERS = 3;
const VAULT = 600;
const BAGS = 75;
const WORN = 16;
const PROFILE_RECORDS = 2_600;
const CHARACTER_RECORDS = 900;

export interface ProfileKey {
  readonly membershipType: number;
  readonly membershipId: string;
}

/**
 * @param catalystHashes records that are among those of the profile
 * @returns the answer as text, envelope included
 */
export function profileText(
  seed: number,
  { membershipType, membershipId }: ProfileKey,
  catalystHashes: readonly number[],
): string {
  const numbers = randomOf(seed, 7);
  const random = (): number => numbers.uniform();
  const characterIds = Array.from({ length: CHARACTERS }, (_, index) => `230584300920000000${index + 1}`);
  const instances: Record<string, unknown> = {};
  const sockets: Record<string, unknown> = {};
  const reusablePlugs: Record<string, unknown> = {};
  let made = 0;
  const anItem = (location: number, bucketHash: number): object => {
    made += 1;
    const itemInstanceId = `69175300000${String(made).padStart(8, '0')}`;
    instances[itemInstanceId] = anInstance(random);
    const isWeapon = random() < 0.6;
    sockets[itemInstanceId] = { sockets: someSockets(random, isWeapon ? 11 : 12) };
    if (isWeapon || random() < 0.7) reusablePlugs[itemInstanceId] = { plugs: somePlugs(random) };
    return {
      itemHash: hash(random),
      itemInstanceId,
      quantity: 1,
      bindStatus: 0,
      location,
      bucketHash,
      transferStatus: 0,
      lockable: true,
      state: Math.floor(random() * 8),
      dismantlePermission: 2,
      isWrapper: false,
      tooltipNotificationIndexes: [],
      versionNumber: 0,
    };
  };
  const items = (count: number, location: number, bucketHash: number): object[] =>
    Array.from({ length: count }, () => anItem(location, bucketHash));
  const each = <T>(make: (characterId: string) => T): Record<string, T> =>
    Object.fromEntries(characterIds.map((id) => [id, make(id)]));
  const response = {
    responseMintedTimestamp: '2026-06-09T17:00:00Z',
    secondaryComponentsMintedTimestamp: '2026-06-09T16:59:30Z',
    profileInventory: { data: { items: items(VAULT, 2, 138_197_802) }, privacy: 2 },
    profile: {
      data: {
        userInfo: { crossSaveOverride: 0, membershipType, membershipId, displayName: 'Guardian' },
        dateLastPlayed: '2026-06-09T16:58:00Z',
        characterIds,
      },
      privacy: 1,
    },
    profileRecords: {
      data: { score: 1, records: someRecords(random, PROFILE_RECORDS, catalystHashes) },
      privacy: 1,
    },
    characters: {
      data: each((characterId) => ({
        membershipType,
        membershipId,
        characterId,
        dateLastPlayed: '2026-06-09T16:58:00Z',
        minutesPlayedTotal: String(Math.floor(random() * 90_000)),
        light: 1_990,
        classType: characterIds.indexOf(characterId),
      })),
      privacy: 1,
    },
    characterInventories: { data: each(() => ({ items: items(BAGS, 1, 1_498_876_634) })), privacy: 2 },
    characterEquipment: { data: each(() => ({ items: items(WORN, 1, 1_498_876_634) })), privacy: 1 },
    characterRecords: {
      data: each(() => ({ featuredRecordHashes: [], records: someRecords(random, CHARACTER_RECORDS, []) })),
      privacy: 1,
    },
    itemComponents: {
      instances: { data: instances, privacy: 2 },
      sockets: { data: sockets, privacy: 2 },
      reusablePlugs: { data: reusablePlugs, privacy: 2 },
    },
  };
  return JSON.stringify({
    Response: response,
    ErrorCode: 1,
    ThrottleSeconds: 0,
    ErrorStatus: 'Success',
    Message: 'Ok',
    MessageData: {},
  });
}

function hash(random: Random): number {
  return Math.floor(random() * 0x1_0000_0000);
}

function anInstance(random: Random): object {
  return {
    damageType: Math.floor(random() * 8),
    damageTypeHash: hash(random),
    primaryStat: { statHash: 1_480_404_414, value: 1_300 + Math.floor(random() * 700) },
    itemLevel: 131,
    quality: 1,
    isEquipped: random() < 0.06,
    canEquip: true,
    equipRequiredLevel: 50,
    unlockHashesRequiredToEquip: [2_166_136_261],
    cannotEquipReason: 0,
    energy: {
      energyTypeHash: hash(random),
      energyType: 1,
      energyCapacity: 10,
      energyUsed: 4,
      energyUnused: 6,
    },
  };
}

function someSockets(random: Random, count: number): object[] {
  return Array.from({ length: count }, () =>
    random() < 0.1
      ? { isEnabled: false, isVisible: false }
      : { plugHash: hash(random), isEnabled: true, isVisible: random() < 0.9 },
  );
}

function somePlugs(random: Random): object {
  const sockets = [1, 2, 3, 4].filter(() => random() < 0.9);
  return Object.fromEntries(
    sockets.map((socket) => [
      socket,
      Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
        plugItemHash: hash(random),
        canInsert: true,
        enabled: true,
      })),
    ]),
  );
}

function someRecords(random: Random, count: number, known: readonly number[]): Record<string, object> {
  const records: Record<string, object> = {};
  for (let index = 0; index < count; index += 1)
    records[known[index] ?? hash(random)] = {
      state: Math.floor(random() * 32),
      objectives: Array.from({ length: 1 + Math.floor(random() * 2) }, () => ({
        objectiveHash: hash(random),
        progress: Math.floor(random() * 900),
        completionValue: 700,
        complete: random() < 0.5,
        visible: true,
      })),
      intervalsRedeemedCount: 0,
      ...(random() < 0.2 && { rewardVisibilty: [true] }),
    };
  return records;
}
