// A small answer of GetProfile with a bit of everything, for tests that change one part of it.

export const PLAYER = { membershipType: 3, membershipId: '4611686018400000001' } as const;
export const CHARACTER_ID = '2305843009200000001';
export const ITEM = {
  equipped: '6917530000000000001',
  carried: '6917530000000000002',
  lost: '6917530000000000003',
  vault: '6917530000000000004',
} as const;

interface AnyItem {
  itemHash: number;
  itemInstanceId?: string;
  bucketHash?: number;
  location?: number;
  state?: number;
  quantity?: number;
}

export function profileAnswer() {
  const records: Record<string, unknown> = {
    '15917031': {
      state: 4,
      objectives: [
        { objectiveHash: 7, progress: 968, completionValue: 700, complete: false, visible: true },
        { objectiveHash: 8, complete: true, visible: false },
      ],
      intervalsRedeemedCount: 0,
    },
  };
  const vaultItems: AnyItem[] = [
    { itemHash: 5, quantity: 40, bucketHash: 1_469_714_392, location: 2, state: 0 },
    { itemHash: 4_190_156_464, itemInstanceId: ITEM.vault, bucketHash: 138_197_802, location: 2, state: 0 },
  ];
  const carried: AnyItem[] = [
    { itemHash: 14_194_600, itemInstanceId: ITEM.carried, bucketHash: 1_498_876_634, location: 1, state: 4 },
    { itemHash: 14_194_600, itemInstanceId: ITEM.lost, bucketHash: 215_593_132, location: 4, state: 0 },
    { itemHash: 9, quantity: 2, bucketHash: 1_345_459_588, location: 1, state: 0 },
  ];
  const equipped: AnyItem[] = [
    {
      itemHash: 3_141_979_346,
      itemInstanceId: ITEM.equipped,
      bucketHash: 1_498_876_634,
      location: 1,
      state: 5,
    },
  ];
  return {
    responseMintedTimestamp: '2026-06-09T17:00:00Z',
    secondaryComponentsMintedTimestamp: '2026-06-09T16:59:30Z',
    profile: {
      data: {
        userInfo: { ...PLAYER, crossSaveOverride: 3, displayName: 'Guardian' },
        dateLastPlayed: '2026-06-09T16:58:00Z',
        characterIds: [CHARACTER_ID],
      },
      privacy: 1,
    },
    characters: {
      data: {
        [CHARACTER_ID]: {
          ...PLAYER,
          characterId: CHARACTER_ID,
          classType: 2,
          minutesPlayedTotal: '75957',
          dateLastPlayed: '2026-06-09T16:58:00Z',
          light: 1_990,
        },
      },
      privacy: 1,
    },
    profileRecords: { data: { score: 0, records }, privacy: 1 },
    characterRecords: {
      data: { [CHARACTER_ID]: { records: { '206322164': { state: 12, objectives: [] } } } },
      privacy: 1,
    },
    profileInventory: { data: { items: vaultItems }, privacy: 2 },
    characterInventories: { data: { [CHARACTER_ID]: { items: carried } }, privacy: 2 },
    characterEquipment: { data: { [CHARACTER_ID]: { items: equipped } }, privacy: 1 },
    itemComponents: {
      instances: {
        data: {
          [ITEM.equipped]: { damageType: 6, primaryStat: { statHash: 1_480_404_414, value: 1_311 } },
          [ITEM.vault]: { damageType: 0 },
        },
        privacy: 2,
      },
      stats: {
        data: { [ITEM.equipped]: { stats: { '4043523819': { statHash: 4_043_523_819, value: 92 } } } },
        privacy: 2,
      },
      sockets: {
        data: {
          [ITEM.equipped]: {
            sockets: [
              { plugHash: 878_286_503, isEnabled: true, isVisible: true },
              { isEnabled: false, isVisible: true },
            ],
          },
        },
        privacy: 2,
      },
      reusablePlugs: {
        data: {
          [ITEM.equipped]: {
            plugs: {
              '0': [
                { plugItemHash: 878_286_503, canInsert: true, enabled: true },
                { plugItemHash: 4_090_651_448, canInsert: true, enabled: true },
              ],
            },
          },
        },
        privacy: 2,
      },
    },
  };
}
