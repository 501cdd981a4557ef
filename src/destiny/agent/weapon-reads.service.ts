import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { rateRoll } from '../weapons/roll-tiers.js';
import type { WeaponView as OwnWeapon } from '../weapons/weapon-view.js';
import { WeaponsService } from '../weapons/weapons.service.js';
import type { GodRollView, RollView, WeaponView } from './player-views.js';
import { ReadProblem } from './read-problem.js';

/** The context that a roll is rated for where nobody says one. */
const CONTEXT = 'pve_solo';
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
  constructor(private readonly own: WeaponsService) {}

  /** @throws ReadProblem where there is no inventory of the caller's */
  async weapons(caller: Principal): Promise<readonly WeaponView[]> {
    return (await this.views(caller)).map(toWeaponView);
  }

  /** @throws ReadProblem where there is no inventory of the caller's */
  async rolls(caller: Principal, itemInstanceIds: readonly string[]): Promise<readonly RollView[]> {
    const wanted = new Set(itemInstanceIds);
    return (await this.views(caller))
      .filter(({ itemInstanceId }) => wanted.has(itemInstanceId))
      .map(toRollView);
  }

  godRolls(_caller: Principal, _weaponName: string): Promise<readonly GodRollView[]> {
    return Promise.resolve([]);
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

function toRollView(weapon: OwnWeapon): RollView {
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
    wishCount: 0,
    trashCount: 0,
  };
}

function nameOf({ name, itemHash }: OwnWeapon): string {
  return name ?? String(itemHash);
}
