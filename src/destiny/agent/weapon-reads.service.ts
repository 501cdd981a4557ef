import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { foldText } from '../catalysts/weapon-name.js';
import { DefinitionDesk } from '../manifest/definition-desk.service.js';
import { Definitions } from '../manifest/definitions.service.js';
import { rolledWeaponOf } from '../wish-lists/wish-list-match.js';
import type { WishRollDto } from '../wish-lists/wish-lists.dto.js';
import { WishLists } from '../wish-lists/wish-lists.service.js';
import { rateRoll } from '../weapons/roll-tiers.js';
import type { WeaponView as OwnWeapon } from '../weapons/weapon-view.js';
import { WeaponsService } from '../weapons/weapons.service.js';
import type { GodRollView, RollView, WeaponView } from './player-views.js';
import { ReadProblem } from './read-problem.js';

/** The context that a roll is rated for where nobody says one. */
const CONTEXT = 'pve_solo';
const FEWEST_LETTERS = 3;
/** Of one name: a weapon, its reissues, its ornaments. */
const MOST_ITEMS = 10;
const MOST_ROLLS = 20;
const TOLD_COLUMNS: ReadonlySet<string> = new Set([
  'intrinsic',
  'barrel',
  'magazine',
  'trait1',
  'trait2',
  'origin',
  'masterwork',
]);

/** The weapons of a caller in the words of the agent's tools. */
@Injectable()
export class WeaponReads {
  constructor(
    private readonly own: WeaponsService,
    private readonly uow: UnitOfWork,
    private readonly wishes: WishLists,
    private readonly definitions: Definitions,
    private readonly desk: DefinitionDesk,
  ) {}

  /** @throws ReadProblem where there is no inventory of the caller's */
  async weapons(caller: Principal): Promise<readonly WeaponView[]> {
    return (await this.views(caller)).map(toWeaponView);
  }

  /** @throws ReadProblem where there is no inventory of the caller's */
  async rolls(caller: Principal, itemInstanceIds: readonly string[]): Promise<readonly RollView[]> {
    const wanted = new Set(itemInstanceIds);
    const views = (await this.views(caller)).filter(({ itemInstanceId }) => wanted.has(itemInstanceId));
    return this.uow.run(caller, async (tx) => {
      const rolls: RollView[] = [];
      for (const view of views) {
        const { hitCount, trashCount } = await this.wishes.matches(tx, rolledWeaponOf(view));
        rolls.push({ ...ratingOf(view), wishCount: hitCount, trashCount });
      }
      return rolls;
    });
  }

  /** What the caller's wish lists say of every item of that name. */
  async godRolls(caller: Principal, weaponName: string): Promise<readonly GodRollView[]> {
    const items = await this.itemsOf(caller, weaponName);
    const found: { name: string; roll: WishRollDto }[] = [];
    for (const { hash, name } of items) {
      const { items: rolls } = await this.wishes.listGodRolls(caller, { item: hash, limit: MOST_ROLLS });
      found.push(...rolls.map((roll) => ({ name, roll })));
    }
    const known = await this.definitions.lookup(found.flatMap(({ roll }) => roll.perks));
    return found.slice(0, MOST_ROLLS).map(({ name, roll }) => ({
      weaponName: name,
      perks: roll.perks.map((hash) => known.plug(hash)?.name || String(hash)),
      tags: roll.tags,
      notes: roll.notes,
    }));
  }

  /** Items whose name holds the words; reissues of a weapon have hashes of their own. */
  private async itemsOf(caller: Principal, words: string): Promise<{ hash: number; name: string }[]> {
    const wanted = foldText(words);
    if (wanted.length < FEWEST_LETTERS) return [];
    const query = { q: wanted, limit: MOST_ITEMS };
    const { items } = await this.desk.search(caller, 'DestinyInventoryItemDefinition', query);
    return items.map(({ hash, name }) => ({ hash, name }));
  }

  private async views(caller: Principal): Promise<readonly OwnWeapon[]> {
    const own = await this.own.read(caller);
    if (own.inventoryState !== 'present' && own.views.length === 0) throw new ReadProblem('not-linked');
    return own.views;
  }
}

function toWeaponView(weapon: OwnWeapon): WeaponView {
  const { itemInstanceId, itemHash, weaponType, element, slot, location, power } = weapon;
  return {
    itemInstanceId,
    itemHash,
    name: nameOf(weapon),
    weaponType: weaponType ?? 'unknown',
    element,
    slot,
    location,
    power,
    perks: weapon.columns
      .filter(({ category }) => TOLD_COLUMNS.has(category))
      .flatMap(({ selected }) => selected?.name ?? []),
  };
}

function ratingOf(weapon: OwnWeapon): Omit<RollView, 'wishCount' | 'trashCount'> {
  const trait = (category: string): string =>
    weapon.columns.find((column) => column.category === category)?.selected?.name ?? '';
  const [column3, column4] = [trait('trait1'), trait('trait2')];
  const isKnown = column3 !== '' || column4 !== '';
  const roll = { archetype: weapon.weaponType ?? '', column3, column4 };
  const rating = isKnown ? rateRoll(roll, CONTEXT) : null;
  return {
    itemInstanceId: weapon.itemInstanceId,
    name: nameOf(weapon),
    tier: rating?.tier ?? null,
    score: rating?.score ?? null,
    explanation: rating?.explanation ?? null,
  };
}

function nameOf({ name, itemHash }: OwnWeapon): string {
  return name ?? String(itemHash);
}
