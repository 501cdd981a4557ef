import { mixed32 } from '../random.js';
import { type Ammo, type Element, ELEMENTS, hashOf, iconOf, type Slot, WEAPON_TYPES } from './game-words.js';

// The exotic weapons that have a catalyst, and what their records ask for. Who wants the game's own gives its catalog; otherwise they are
// invented. What a catalog leaves open follows from the record's hash.

/** What a catalog must say of a catalyst; null or left out = made up. */
export interface SandboxCatalyst {
  readonly recordHash: number;
  readonly weaponHash: number;
  readonly weaponName: string;
  /** Of the record. */
  readonly name?: string | null;
  readonly icon?: string | null;
  /** As the game shows it: "Hand Cannon". */
  readonly weaponType?: string | null;
  readonly element?: string | null;
  readonly slot?: string | null;
  readonly ammo?: string | null;
  readonly season?: number | null;
  readonly objectives?: readonly SandboxObjective[] | null;
}

export interface SandboxObjective {
  readonly text: string | null;
  readonly target: number | null;
  readonly objectiveHash?: number | null;
}

export interface Catalyst {
  readonly recordHash: number;
  readonly weaponHash: number;
  readonly weaponName: string;
  readonly recordName: string;
  readonly description: string;
  readonly icon: string;
  readonly typeIndex: number;
  readonly element: Element;
  readonly slot: Slot;
  readonly ammo: Ammo;
  readonly season: number;
  /** Such records come with each character. */
  readonly isPerCharacter: boolean;
  readonly objectives: readonly { objectiveHash: number; text: string; target: number }[];
}

const FIRST = [
  'Glass',
  'Hollow',
  'Ember',
  'Silent',
  'Crooked',
  'Last',
  'Borrowed',
  'Iron',
  'Drowned',
  'Ninth',
];
const SECOND = [
  'Meridian',
  'Lantern',
  'Verdict',
  'Choir',
  'Harvest',
  'Anchor',
  'Promise',
  'Sparrow',
  'Tithe',
];
const INSERT = { text: 'Insert the Catalyst', target: 2 };
const UNKNOWN_OBJECTIVES: readonly SandboxObjective[] = [{ text: null, target: null }];
const TARGETS = [400, 500, 700, 250, 300, 800];
const SLOTS: readonly Slot[] = ['kinetic', 'energy', 'power'];
const AMMO: readonly Ammo[] = ['primary', 'primary', 'special'];

/** Invented exotics with names, types and objectives as varied as the game's. */
export function inventCatalysts(count = 24): SandboxCatalyst[] {
  return Array.from({ length: count }, (_, index) => {
    const again = Math.floor(index / (FIRST.length * SECOND.length));
    const suffix = again === 0 ? '' : ` ${'I'.repeat(again + 1)}`;
    const weaponName = `${FIRST[index % FIRST.length]} ${SECOND[index % SECOND.length]}${suffix}`;
    const target = TARGETS[index % TARGETS.length]!;
    const kills = { text: 'Targets defeated', target };
    const objectives = [
      ...(index % 3 === 0 ? [INSERT] : []),
      index % 5 === 4 ? { text: 'Crucible opponents defeated', target: 250 } : kills,
      ...(index % 6 === 1 ? [{ text: 'Precision final blows', target: 150 }] : []),
      ...(index % 12 === 7 ? [{ text: 'Medals earned', target: 5 }] : []),
    ];
    return {
      recordHash: hashOf(`record/${weaponName}`),
      weaponHash: hashOf(`weapon/${weaponName}`),
      weaponName,
      // A tracker that looks for the word finds the rest only.
      ...(index % 9 === 5 && { name: `${SECOND[index % SECOND.length]} Refit` }),
      weaponType: WEAPON_TYPES[index % WEAPON_TYPES.length]!.name,
      season: 1 + (index % 27),
      objectives,
    };
  });
}

/** @throws Error when two have one record or one weapon */
export function completeCatalysts(given: readonly SandboxCatalyst[]): Catalyst[] {
  for (const field of ['recordHash', 'weaponHash'] as const)
    if (new Set(given.map((one) => one[field])).size !== given.length)
      throw new Error(`Two catalysts share a ${field}`);
  return given.map(complete);
}

function complete(given: SandboxCatalyst): Catalyst {
  const { recordHash, weaponHash, weaponName } = given;
  const draw = mixed32(recordHash);
  const named = WEAPON_TYPES.findIndex(({ name }) => name === given.weaponType);
  const slot = slotOf(given.slot) ?? SLOTS[draw % 3]!;
  const objectives = given.objectives?.length ? given.objectives : UNKNOWN_OBJECTIVES;
  return {
    recordHash,
    weaponHash,
    weaponName,
    recordName: given.name ?? `${weaponName} Catalyst`,
    description: `Defeat combatants using ${weaponName}.`,
    icon: given.icon ?? iconOf(`record/${recordHash}`),
    typeIndex: named === -1 ? draw % WEAPON_TYPES.length : named,
    element: elementOf(given.element) ?? (slot === 'kinetic' ? 'kinetic' : ENERGIES[draw % ENERGIES.length]!),
    slot,
    ammo: ammoOf(given.ammo) ?? (slot === 'power' ? 'heavy' : AMMO[draw % AMMO.length]!),
    season: given.season ?? 1 + (draw % 27),
    isPerCharacter: draw % 11 === 3,
    objectives: objectives.map(({ text, target, objectiveHash }, index) => ({
      objectiveHash: objectiveHash ?? hashOf(`objective/${recordHash}/${index}`),
      text: text ?? 'Targets defeated',
      target: target ?? 400,
    })),
  };
}

const ENERGIES: readonly Element[] = ['arc', 'solar', 'void', 'stasis', 'strand'];

function slotOf(word: string | null | undefined): Slot | undefined {
  return SLOTS.find((slot) => word?.toLowerCase().startsWith(slot));
}

function elementOf(word: string | null | undefined): Element | undefined {
  return (Object.keys(ELEMENTS) as Element[]).find((element) => element === word?.toLowerCase());
}

function ammoOf(word: string | null | undefined): Ammo | undefined {
  return (['primary', 'special', 'heavy'] as const).find((ammo) => ammo === word?.toLowerCase());
}
