import { mixed32 } from '../random.js';
import type { Catalyst } from './catalyst-set.js';
import { type CatalystLife, PlayerLife } from './player-life.js';
import { type OwnedItem, ownedItems } from './owned-items.js';
import type { WeaponWorld } from './weapon-world.js';

// A player of the sandbox: an account of Bungie.net, its memberships on platforms, and for each a profile with a life of its own. All ids
// follow from the player's number, so that no two share one, and everything a player owns can be told from everybody else's.

export const QUIRKS = [
  'absent-record', // the first catalyst's record does not come
  'above-target', // progress of the second stands above its target, incomplete
  'complete-below-target', // the third is complete at less than its target: the target was raised later
  'null-progress', // the fourth's progress is null
  'unknown-enums', // the fifth's record has a bit, the first item a damage type, the first character a class that nobody knows
  'deleted-character', // the second character is gone, and so are its minutes and its bags
] as const;
export type Quirk = (typeof QUIRKS)[number];

export interface MembershipOptions {
  /** 1 Xbox, 2 PlayStation, 3 Steam, 5 Stadia, 6 Epic. */
  readonly type: number;
  readonly id?: string;
  /** Listed among `profilesWithErrors` with this code and without a profile: 1601, 1670. */
  readonly errorCode?: number;
  /** Another platform's card says that it stands for this one, although no cross-save is set up. */
  readonly isOverridden?: boolean;
}

export interface PlayerOptions {
  /** By which one signs in: `login_hint`. */
  readonly name: string;
  readonly seed?: number;
  readonly bungieMembershipId?: string;
  /** One on Steam unless said otherwise. */
  readonly memberships?: readonly MembershipOptions[];
  /** Type of the membership that stands for all others. */
  readonly crossSave?: number;
  readonly hasNoDestiny?: boolean;
  /** Shows records and equipment to its owner alone. */
  readonly isPrivate?: boolean;
  readonly isIdle?: boolean;
  readonly diligence?: number;
  readonly characterCount?: 1 | 2 | 3;
  readonly characterIds?: readonly string[];
  readonly quirks?: readonly Quirk[];
  /** Instead of what the simulation would say, exactly these, by hash, as GetProfile has them. */
  readonly profileRecords?: Readonly<Record<string, RecordAnswer>>;
  /** Of characters likewise, in their order. */
  readonly characterRecords?: readonly Readonly<Record<string, RecordAnswer>>[];
}

export interface ObjectiveAnswer {
  readonly objectiveHash: number;
  readonly progress?: number | null;
  readonly completionValue: number;
  readonly complete: boolean;
  readonly visible: boolean;
}

export interface RecordAnswer {
  readonly state: number;
  readonly objectives?: readonly ObjectiveAnswer[];
  readonly intervalsRedeemedCount?: number;
}

export interface SandboxCharacter {
  readonly characterId: string;
  readonly classType: number;
  /** Of all minutes played. */
  readonly share: number;
  isDeleted: boolean;
}

/** One membership and what stands behind it. */
export class SandboxProfile {
  readonly membershipId: string;
  readonly characters: SandboxCharacter[];
  readonly life: PlayerLife;
  /** By record hash, on top of all else; `absent` = it does not come. */
  readonly records = new Map<number, RecordAnswer | 'absent'>();
  private readonly number: number;
  private readonly seed: number;

  constructor(
    readonly player: SandboxPlayer,
    readonly membership: MembershipOptions,
    index: number,
    private readonly world: PlayerWorld,
  ) {
    const { options } = player;
    this.number = player.number * 8 + index;
    this.membershipId = membership.id ?? `4611686018${500_000_000 + this.number}`;
    this.seed = mixed32((options.seed ?? player.number) ^ mixed32(index + 77));
    const { isIdle = false, diligence } = options;
    const lifeOptions = { seed: this.seed, catalysts: world.catalysts, bornMs: world.bornMs, isIdle };
    this.life = new PlayerLife({ ...lifeOptions, ...(diligence !== undefined && { diligence }) });
    this.characters = [0.7, 0.2, 0.1].slice(0, options.characterCount ?? 3).map((share, at) => ({
      characterId: options.characterIds?.[at] ?? `2305843009${600_000_000 + this.number * 4 + at}`,
      classType: (at + this.seed) % 3,
      share,
      isDeleted: at === 1 && player.hasQuirk('deleted-character'),
    }));
  }

  get liveCharacters(): SandboxCharacter[] {
    return this.characters.filter(({ isDeleted }) => !isDeleted);
  }

  /** Made anew each time: of thousands of players nobody keeps the vaults in memory. */
  itemsAt(life: PlayerLife): OwnedItem[] {
    const stages = new Map(life.catalysts.map(({ catalyst, stage }) => [catalyst.weaponHash, stage]));
    const gone = new Set(
      this.characters.filter(({ isDeleted }) => isDeleted).map(({ characterId }) => characterId),
    );
    const items = ownedItems({
      seed: this.seed,
      weapons: this.world.weapons,
      legendaryCount: this.world.legendaryCount,
      characterIds: this.characters.map(({ characterId }) => characterId),
      // 19 digits, as the game's; a profile has far fewer than a million.
      idOf: (item) => `6917529${String(400_000_000_000 + this.number * 1_000_000 + item)}`,
      catalystOf: (weaponHash) => {
        const stage = stages.get(weaponHash);
        if (stage === 'complete' || stage === 'redeemed') return 'complete';
        return stage === 'in-progress' ? 'found' : 'missing';
      },
    });
    return items.filter(({ characterId }) => characterId === null || !gone.has(characterId));
  }

  /** The simulated truth of one catalyst, as far as the clock has come. @throws Error for a hash that is no catalyst's */
  catalyst(recordHash: number): CatalystLife {
    const found = this.life.catalysts.find(({ catalyst }) => catalyst.recordHash === recordHash);
    if (!found) throw new Error(`${recordHash} is no catalyst of this sandbox`);
    return found;
  }
}

export interface PlayerWorld {
  readonly catalysts: readonly Catalyst[];
  readonly weapons: WeaponWorld;
  readonly bornMs: number;
  /** Weapons of each profile beside the exotic ones. */
  readonly legendaryCount: number;
}

export class SandboxPlayer {
  readonly name: string;
  readonly bungieMembershipId: string;
  readonly profiles: readonly SandboxProfile[];
  isPrivate: boolean;
  /** Ends all grants of this player, as the page of connected applications does. */
  revoke: () => number = () => 0;

  constructor(
    readonly options: PlayerOptions,
    readonly number: number,
    world: PlayerWorld,
  ) {
    this.name = options.name;
    this.bungieMembershipId = options.bungieMembershipId ?? String(20_000_000 + number);
    this.isPrivate = options.isPrivate ?? false;
    const memberships = options.hasNoDestiny === true ? [] : (options.memberships ?? [{ type: 3 }]);
    this.profiles = memberships.map(
      (membership, index) => new SandboxProfile(this, membership, index, world),
    );
  }

  /** The cross-save profile, else the first that may be read. @throws Error without Destiny */
  get profile(): SandboxProfile {
    const { crossSave } = this.options;
    const found = this.profiles.find((profile) => profile.membership.type === crossSave) ?? this.profiles[0];
    if (!found) throw new Error(`${this.name} has no Destiny account`);
    return found;
  }

  hasQuirk(quirk: Quirk): boolean {
    return this.options.quirks?.includes(quirk) ?? false;
  }

  /** Whether another platform stands for this membership, so that it has no profile of its own. */
  isOverridden({ membership }: SandboxProfile): boolean {
    const { crossSave } = this.options;
    return membership.isOverridden === true || (crossSave !== undefined && crossSave !== membership.type);
  }

  advanceTo(nowMs: number): void {
    for (const { life } of this.profiles) life.advanceTo(nowMs);
  }
}
