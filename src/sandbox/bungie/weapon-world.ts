import { mixed32 } from '../random.js';
import type { Catalyst } from './catalyst-set.js';
import {
  type Ammo,
  type Element,
  hashOf,
  iconOf,
  PLUG_CATEGORIES,
  type PlugCategory,
  type Slot,
  type SocketCategory,
  STATS,
  WEAPON_TYPES,
} from './game-words.js';

// The weapons of the sandbox: one exotic for each catalyst and invented legendaries, with sockets in the order in which the game has
// them: intrinsic, barrel, magazine, two traits, origin, masterwork (an exotic has its catalyst there), mod, shader, kill tracker.

export type PlugKind =
  | 'intrinsic'
  | 'barrel'
  | 'magazine'
  | 'trait'
  | 'origin'
  | 'masterwork'
  | 'catalyst'
  | 'mod'
  | 'shader'
  | 'tracker';

export interface Plug {
  readonly plugHash: number;
  readonly name: string;
  readonly kind: PlugKind;
  readonly category: PlugCategory;
  /** As the game shows it: "Enhanced Trait". */
  readonly typeName: string;
  /** 2 basic, 3 common: enhanced traits. */
  readonly tierType: number;
  readonly baseHash: number | null;
  /** Stat hash and what it adds. */
  readonly stats: readonly (readonly [number, number])[];
}

export interface WeaponSocket {
  readonly kind: PlugKind;
  readonly category: SocketCategory;
  readonly socketTypeHash: number;
  /** Null where every copy has the same. */
  readonly plugSetHash: number | null;
  /** What a copy may roll. */
  readonly pool: readonly number[];
}

export interface Weapon {
  readonly itemHash: number;
  readonly name: string;
  readonly icon: string;
  readonly typeIndex: number;
  readonly element: Element;
  readonly slot: Slot;
  readonly ammo: Ammo;
  readonly isExotic: boolean;
  readonly isCraftable: boolean;
  readonly season: number;
  readonly collectibleHash: number;
  readonly sockets: readonly WeaponSocket[];
  readonly stats: readonly (readonly [number, number])[];
}

export interface WeaponWorld {
  readonly weapons: readonly Weapon[];
  readonly exotics: ReadonlyMap<number, Weapon>;
  readonly legendaries: readonly Weapon[];
  readonly plugs: ReadonlyMap<number, Plug>;
  /** Hash of the set -> plugs in it. */
  readonly plugSets: ReadonlyMap<number, readonly number[]>;
}

const TRAITS = (
  'Quickfall Reckoner Stillwater Overdraw Patience Cinderstep Undertow Keenset Halflight Bellringer Longshadow ' +
  'Tailwind Sureshot Gravemark Afterglow Surefoot Countdown Riptide Hushfall Warmup Brightwork Ironclad Fallback Hinge'
).split(' ');
const BARRELS = 'Arrowline Smallsteel Fluted Corkscrewed Hammerforged Polygonal Fullchoke Extended'.split(
  ' ',
);
const MAGAZINES = 'Tactical Flared Accurized Extended Steady Appended Alloyed Armorpierce'.split(' ');
const ORIGINS = 'Veilborn Dockworks Sundrift Oathkept Tideworn'.split(' ');
const FRAMES = 'Adaptive Aggressive Lightweight Precision Rapidfire'.split(' ');
const MODS = 'Counterweight Radar Freehand Backup Minorspec'.split(' ');
const SHADERS = 'Saltgrey Copperdusk Midnightfern'.split(' ');
const MASTERWORKS = ['Range', 'Stability', 'Handling', 'Reload Speed'];
const FIRST = 'Pale Sworn Distant Broken Gilded Quiet Bitter Wandering Hidden Second Falling Patient'.split(
  ' ',
);
const SECOND = 'Oath Compass Tempest Ledger Reply Thicket Bargain Signal Marrow Almanac'.split(' ');

/** @param count of legendaries */
export function buildWeapons(catalysts: readonly Catalyst[], count = 60): WeaponWorld {
  const maker = new WeaponMaker();
  const exotics = new Map(catalysts.map((one) => [one.weaponHash, maker.exotic(one)]));
  const legendaries = Array.from({ length: count }, (_, index) => maker.legendary(index));
  const weapons = [...exotics.values(), ...legendaries];
  return { weapons, exotics, legendaries, plugs: maker.plugs, plugSets: maker.plugSets };
}

class WeaponMaker {
  readonly plugs = new Map<number, Plug>();
  readonly plugSets = new Map<number, readonly number[]>();

  exotic(catalyst: Catalyst): Weapon {
    const { weaponHash: itemHash, weaponName, typeIndex, element, slot, ammo, season } = catalyst;
    const type = WEAPON_TYPES[typeIndex]!;
    const own = (kind: PlugKind, name: string, category: PlugCategory, typeName: string): number =>
      this.plug({ kind, name, category, typeName });
    const traits = this.traits(itemHash, 2);
    const sockets = [
      this.fixed(
        'intrinsic',
        own('intrinsic', `${weaponName} Core`, PLUG_CATEGORIES.intrinsics, 'Intrinsic'),
      ),
      this.fixed('barrel', this.part('barrel', type.barrel, BARRELS, itemHash)),
      this.fixed('magazine', this.part('magazine', type.magazine, MAGAZINES, itemHash >>> 3)),
      this.fixed('trait', traits[0]!),
      this.fixed('trait', traits[1]!),
      this.catalystSocket(catalyst),
      this.rolled('shader', 'shaders', this.all('shader', SHADERS, PLUG_CATEGORIES.shader, 'Shader')),
      this.tracker(),
    ];
    const base = { itemHash, name: weaponName, typeIndex, element, slot, ammo, season };
    return finished(base, true, false, sockets);
  }

  legendary(index: number): Weapon {
    const again = Math.floor(index / (FIRST.length * SECOND.length));
    const suffix = again === 0 ? '' : ` ${'I'.repeat(again + 1)}`;
    const name = `${FIRST[index % FIRST.length]} ${SECOND[Math.floor(index / FIRST.length) % SECOND.length]}${suffix}`;
    const itemHash = hashOf(`weapon/${name}`);
    const typeIndex = index % WEAPON_TYPES.length;
    const slot: Slot = (['kinetic', 'energy', 'power'] as const)[index % 3]!;
    const energies = ['arc', 'solar', 'void', 'strand', 'stasis'] as const;
    const element: Element = slot === 'kinetic' ? 'kinetic' : energies[index % energies.length]!;
    const ammo: Ammo = slot === 'power' ? 'heavy' : index % 2 === 0 ? 'primary' : 'special';
    const isCraftable = index % 3 === 1;
    const type = WEAPON_TYPES[typeIndex]!;
    const barrels = this.all('barrel', BARRELS, type.barrel, 'Barrel');
    const magazines = this.all('magazine', MAGAZINES, type.magazine, 'Magazine');
    const sockets = [
      this.fixed('intrinsic', this.part('intrinsic', PLUG_CATEGORIES.intrinsics, FRAMES, itemHash)),
      this.rolled('barrel', `barrels/${type.barrel.identifier}`, barrels),
      this.rolled('magazine', `magazines/${type.magazine.identifier}`, magazines),
      this.rolled('trait', `traits/${name}/1`, this.traits(itemHash, 8, isCraftable)),
      this.rolled('trait', `traits/${name}/2`, this.traits(mixed32(itemHash), 8, isCraftable)),
      this.rolled('origin', 'origins', this.all('origin', ORIGINS, PLUG_CATEGORIES.origins, 'Origin Trait')),
      this.rolled('masterwork', 'masterworks', this.masterworks()),
      this.rolled('mod', 'mods', this.all('mod', MODS, PLUG_CATEGORIES.mods, 'Weapon Mod')),
      this.rolled('shader', 'shaders', this.all('shader', SHADERS, PLUG_CATEGORIES.shader, 'Shader')),
      this.tracker(),
    ];
    const base = { itemHash, name, typeIndex, element, slot, ammo, season: 10 + (index % 18) };
    return finished(base, false, isCraftable, sockets);
  }

  private catalystSocket({ weaponName }: Catalyst): WeaponSocket {
    const category = PLUG_CATEGORIES.catalysts;
    const empty = this.plug({ kind: 'catalyst', name: 'Empty Catalyst Socket', category, typeName: '' });
    const name = `${weaponName} Catalyst`;
    const full = this.plug({ kind: 'catalyst', name, category, typeName: 'Catalyst' });
    return this.rolled('catalyst', `catalyst/${weaponName}`, [empty, full]);
  }

  private tracker(): WeaponSocket {
    const category = PLUG_CATEGORIES.trackers;
    return this.fixed(
      'tracker',
      this.plug({ kind: 'tracker', name: 'Kill Tracker', category, typeName: '' }),
    );
  }

  private masterworks(): number[] {
    const category = PLUG_CATEGORIES.masterworks;
    return MASTERWORKS.map((stat) =>
      this.plug({
        kind: 'masterwork',
        name: `Masterworked: ${stat}`,
        category,
        typeName: 'Masterwork',
        stats: [[STATS[stat]!, 10]],
      }),
    );
  }

  /** Different ones, by a draw; each followed by its enhanced form where asked for. */
  private traits(draw: number, count: number, isEnhanceable = false): number[] {
    const start = draw % TRAITS.length;
    // 5 shares no factor with the 24 traits, so that steps of it meet each of them once.
    const names = Array.from({ length: count }, (_, step) => TRAITS[(start + step * 5) % TRAITS.length]!);
    const category = PLUG_CATEGORIES.frames;
    return names.flatMap((name) => {
      const base = this.plug({ kind: 'trait', name, category, typeName: 'Trait' });
      const enhanced = this.enhanced(name, base);
      return isEnhanceable ? [base, enhanced] : [base];
    });
  }

  /** Same name as its base, which is how the game has it. */
  private enhanced(name: string, baseHash: number): number {
    const plugHash = hashOf(`plug/trait/enhanced/${name}`);
    const category = PLUG_CATEGORIES.frames;
    const typeName = 'Enhanced Trait';
    this.plugs.set(plugHash, {
      plugHash,
      name,
      kind: 'trait',
      category,
      typeName,
      tierType: 3,
      baseHash,
      stats: [],
    });
    return plugHash;
  }

  private all(kind: PlugKind, names: readonly string[], category: PlugCategory, typeName: string): number[] {
    return names.map((name, index) =>
      this.plug({
        kind,
        name: kind === 'barrel' || kind === 'magazine' ? `${name} ${typeName}` : name,
        category,
        typeName,
        stats:
          kind === 'barrel' || kind === 'magazine'
            ? [[Object.values(STATS)[1 + (index % 4)]!, 5 + index]]
            : [],
      }),
    );
  }

  private part(kind: PlugKind, category: PlugCategory, names: readonly string[], draw: number): number {
    const typeName = { barrel: 'Barrel', magazine: 'Magazine' }[kind as string] ?? 'Intrinsic';
    const made = this.all(kind, names, category, typeName);
    return made[draw % made.length]!;
  }

  private plug(
    given: Pick<Plug, 'kind' | 'name' | 'category' | 'typeName'> & Partial<Pick<Plug, 'stats'>>,
  ): number {
    const plugHash = hashOf(`plug/${given.kind}/${given.category.identifier}/${given.name}`);
    this.plugs.set(plugHash, { plugHash, tierType: 2, baseHash: null, stats: [], ...given });
    return plugHash;
  }

  private fixed(kind: PlugKind, plugHash: number): WeaponSocket {
    return {
      kind,
      category: categoryOf(kind),
      socketTypeHash: socketTypeOf(kind),
      plugSetHash: null,
      pool: [plugHash],
    };
  }

  private rolled(kind: PlugKind, setName: string, pool: readonly number[]): WeaponSocket {
    const plugSetHash = hashOf(`plug-set/${setName}`);
    this.plugSets.set(plugSetHash, pool);
    return { kind, category: categoryOf(kind), socketTypeHash: socketTypeOf(kind), plugSetHash, pool };
  }
}

function finished(
  base: Pick<Weapon, 'itemHash' | 'name' | 'typeIndex' | 'element' | 'slot' | 'ammo' | 'season'>,
  isExotic: boolean,
  isCraftable: boolean,
  sockets: readonly WeaponSocket[],
): Weapon {
  const names = ['Impact', 'Range', 'Stability', 'Handling', 'Reload Speed', 'Magazine'];
  const stats = names.map((name, index) => {
    const draw = mixed32(base.itemHash ^ mixed32(index + 1));
    return [STATS[name]!, 15 + (draw % 70)] as const;
  });
  const collectibleHash = hashOf(`collectible/${base.name}`);
  return {
    ...base,
    icon: iconOf(`weapon/${base.name}`),
    isExotic,
    isCraftable,
    collectibleHash,
    sockets,
    stats,
  };
}

function categoryOf(kind: PlugKind): SocketCategory {
  if (kind === 'intrinsic') return 'intrinsic';
  if (kind === 'shader' || kind === 'tracker') return 'cosmetics';
  return kind === 'mod' || kind === 'masterwork' || kind === 'catalyst' ? 'mods' : 'perks';
}

export function socketTypeOf(kind: PlugKind): number {
  return hashOf(`socket-type/${kind}`);
}
