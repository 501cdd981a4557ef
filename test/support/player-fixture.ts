import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import type {
  CatalystView,
  PlayerReads,
  SheetRowsView,
  WeaponView,
} from '../../src/destiny/agent/player-views.js';
import type { Principal } from '../../src/platform/auth/principal.js';

// A player whose figures derive from the place of a catalyst in the list, so that every question has an answer that a test knows.

const STATES = ['complete', 'in_progress', 'not_found', 'in_progress', 'unavailable'] as const;

export interface PlayerFixture {
  readonly reads: PlayerReads;
  /** In whose name something was read. */
  readonly readAs: string[];
  /** What the sheet says; tests put words into it. */
  sheet: Record<string, string>[];
  /** Names of weapons likewise. */
  weapons: WeaponView[];
}

const CATALYSTS: readonly CatalystView[] = shippedCatalog().catalysts.map((facts, index) => {
  const state = STATES[index % STATES.length]!;
  const pct = state === 'complete' ? 100 : state === 'in_progress' ? (index * 7) % 100 : 0;
  const { recordHash, weaponName, weaponType, element, slot, season, source, activity } = facts;
  return {
    recordHash,
    weaponName,
    state,
    pct,
    weaponType,
    element,
    slot,
    season,
    source,
    activity,
    objectives: facts.objectives.map(({ text, target }) => ({
      text,
      target,
      progress: Math.floor((target * pct) / 100),
      isComplete: state === 'complete',
    })),
  };
});

const NAMES = ['Fatebringer', 'The Palindrome', 'Hung Jury SR4', 'Austringer', 'Funnelweb', 'Riskrunner'];
const TYPES = [
  'Hand Cannon',
  'Hand Cannon',
  'Scout Rifle',
  'Hand Cannon',
  'Submachine Gun',
  'Submachine Gun',
];
const ELEMENTS = ['kinetic', 'void', 'kinetic', 'kinetic', 'void', 'arc'];

function newWeapons(): WeaponView[] {
  return Array.from({ length: 24 }, (_, index) => ({
    itemInstanceId: String(6_917_529_000_000_000_000n + BigInt(index)),
    itemHash: 1_000 + (index % NAMES.length),
    name: NAMES[index % NAMES.length]!,
    weaponType: TYPES[index % NAMES.length]!,
    element: ELEMENTS[index % NAMES.length]!,
    slot: index % NAMES.length === 4 ? 'energy' : 'kinetic',
    location: index % 3 === 0 ? 'vault' : 'inventory',
    power: 1_800 + index,
    perks: ['Explosive Payload', 'Firefly'],
  }));
}

/** @param caller whose things these are; of anybody else there is nothing */
export function openPlayer(caller: Principal): PlayerFixture {
  const readAs: string[] = [];
  const own = <T>(who: Principal, value: T): Promise<T> => {
    readAs.push(who.id);
    if (who.id !== caller.id) throw new Error('Read in a name that is not the caller’s');
    return Promise.resolve(value);
  };
  const fixture: PlayerFixture = {
    readAs,
    sheet: [
      { Weapon: 'Funnelweb', Tier: 'S', Notes: 'Good everywhere' },
      { Weapon: 'Austringer', Tier: 'A', Notes: 'Good in the Crucible' },
    ],
    weapons: newWeapons(),
    reads: {
      age: (who) =>
        own(who, { link: 'linked', mintedAt: '2026-11-29T09:00:00.000Z', ageS: 600, isStale: false }),
      catalysts: (who) => own(who, CATALYSTS),
      eta: (who, recordHash) =>
        own(who, {
          state: 'estimated',
          days: { low: 1, mid: 2 + (recordHash % 9), high: 20 },
          hoursPlayed: { low: 1, mid: 3, high: 9 },
        }),
      plan: (who, { activity, limit }) =>
        own(
          who,
          CATALYSTS.filter(
            (one) => one.state === 'in_progress' && (activity === null || one.activity === activity),
          )
            .slice(0, limit)
            .map((one, index) => ({
              weaponName: one.weaponName,
              recordHash: one.recordHash,
              activity: one.activity,
              fromMinute: index * 10,
              toMinute: index * 10 + 10,
              neededMinutes: 10,
              isFinished: true,
              rateSource: 'own',
            })),
        ),
      history: (who, recordHash) =>
        own(who, [
          {
            text: 'Targets defeated',
            points: [1, 2, 3].map((day) => ({
              at: `2026-11-0${day}T00:00:00.000Z`,
              progress: day * ((recordHash % 50) + 1),
              target: 500,
              isComplete: false,
            })),
          },
        ]),
      weapons: (who) => own(who, fixture.weapons),
      rolls: (who, ids) =>
        own(
          who,
          fixture.weapons
            .filter(({ itemInstanceId }) => ids.includes(itemInstanceId))
            .map(({ itemInstanceId, name }, index) => ({
              itemInstanceId,
              name,
              tier: 'A',
              score: 9 - index,
              explanation: 'The two traits go together very well.',
              wishCount: 1,
              trashCount: 0,
            })),
        ),
      godRolls: (who, weaponName) =>
        own(who, [{ weaponName, perks: ['Explosive Payload', 'Firefly'], tags: ['pve'], notes: null }]),
      definitions: (who, words) =>
        own(who, [{ hash: 42, name: words, kind: 'Trait', description: 'Does what it says.' }]),
      sheetRows: (who, { words }) =>
        own<SheetRowsView>(who, {
          sheet: 'endgame',
          tab: 'Weapons',
          fetchedAt: '2026-11-29T08:00:00.000Z',
          isStale: false,
          tabs: [],
          rows: fixture.sheet.filter(
            (row) => words === null || Object.values(row).some((cell) => cell.toLowerCase().includes(words)),
          ),
          total: fixture.sheet.length,
        }),
    },
  };
  return fixture;
}
