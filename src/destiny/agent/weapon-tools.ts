import { foldText } from '../catalysts/weapon-name.js';
import { type AgentTool, agentTool, type ToolFacts } from './agent-tool.js';
import { boundedPage, plainText } from './bounded-page.js';
import type { WeaponView } from './player-views.js';
import { ROLL_WISH, WEAPON_COUNT, WEAPON_FILTER } from './tool-schemas.js';

interface WeaponWish {
  readonly name?: string | undefined;
  readonly weaponType?: string | undefined;
  readonly element?: string | undefined;
  readonly slot?: string | undefined;
  readonly perk?: string | undefined;
  readonly location?: string | undefined;
}

const MOST_GROUPS = 60;
/** Copies of one weapon that are looked at. */
const MOST_ROLLS = 20;

export const WEAPON_TOOLS: readonly AgentTool[] = [
  agentTool({
    name: 'list_weapons',
    description:
      'Weapons that the player owns, with their perks and where they are. `total` counts all that match.',
    parameters: WEAPON_FILTER,
    run: async (wish, caller, reads) => {
      const found = (await reads.weapons(caller)).filter((weapon) => isWished(weapon, wish));
      return { ...boundedPage(found.map(shortOf), wish.limit) };
    },
  }),
  agentTool({
    name: 'count_weapons',
    description: 'How many weapons the player owns, all of them or those that match, and by group.',
    parameters: WEAPON_COUNT,
    run: async (wish, caller, reads) => {
      const found = (await reads.weapons(caller)).filter((weapon) => isWished(weapon, wish));
      if (wish.groupBy === undefined) return { total: found.length };
      const counts = new Map<string, number>();
      for (const weapon of found) {
        const group = String(weapon[wish.groupBy] ?? 'none');
        counts.set(group, (counts.get(group) ?? 0) + 1);
      }
      const groups = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_GROUPS);
      return { total: found.length, groupBy: wish.groupBy, groups: Object.fromEntries(groups) };
    },
  }),
  agentTool({
    name: 'evaluate_roll',
    description:
      "How good the player's copies of a weapon are: tier and score of each, why, and what wish lists say.",
    parameters: ROLL_WISH,
    run: async ({ weapon }, caller, reads) => {
      const copies = (await reads.weapons(caller)).filter((one) => isNamed(one, weapon));
      if (copies.length === 0) return { problem: 'not-owned', weapon: plainText(weapon, 100) };
      const ids = copies.slice(0, MOST_ROLLS).map(({ itemInstanceId }) => itemInstanceId);
      const rolls = await reads.rolls(caller, ids);
      const sorted = [...rolls].sort(
        (a, b) => (b.score ?? -1) - (a.score ?? -1) || b.wishCount - a.wishCount,
      );
      return { ...boundedPage(sorted, MOST_ROLLS, copies.length) };
    },
  }),
  agentTool({
    name: 'find_god_rolls',
    description:
      "Rolls of a weapon that the player's wish lists call good, and the player's copies that have them.",
    parameters: ROLL_WISH,
    run: async ({ weapon }, caller, reads) => {
      const rolls = (await reads.godRolls(caller, weapon)).map((roll) => ({
        ...roll,
        notes: roll.notes === null ? null : plainText(roll.notes),
      }));
      const owned = (await reads.weapons(caller)).filter((one) => isNamed(one, weapon)).length;
      return { weapon: plainText(weapon, 100), owned, ...boundedPage(rolls, MOST_ROLLS) };
    },
  }),
];

function isWished(weapon: WeaponView, wish: WeaponWish): boolean {
  return (
    (wish.name === undefined || isNamed(weapon, wish.name)) &&
    (wish.weaponType === undefined || foldText(weapon.weaponType) === foldText(wish.weaponType)) &&
    (wish.element === undefined || weapon.element === wish.element) &&
    (wish.slot === undefined || weapon.slot === wish.slot) &&
    (wish.location === undefined || weapon.location === wish.location) &&
    (wish.perk === undefined || weapon.perks.some((perk) => foldText(perk).includes(foldText(wish.perk!))))
  );
}

function isNamed(weapon: WeaponView, name: string): boolean {
  const wanted = foldText(name);
  return wanted !== '' && foldText(weapon.name).includes(wanted);
}

function shortOf(weapon: WeaponView): ToolFacts {
  const { itemInstanceId, weaponType, element, slot, location, power } = weapon;
  const perks = weapon.perks.slice(0, 8).map((perk) => plainText(perk, 60));
  return {
    name: plainText(weapon.name, 100),
    itemInstanceId,
    weaponType,
    element,
    slot,
    location,
    power,
    perks,
  };
}
