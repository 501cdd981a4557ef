import { type Ability, type Dnd5eSheet, modifierOf } from './dnd5e-sheet.js';
import { isRecord } from './value-reader.js';

// What Foundry works out and does not store: armour class and hit points of characters. By the formulas of the SRD 5.1 ("Armor Class",
// "Hit Points"), as far as a file says enough; null where it does not.

type Known = Pick<Dnd5eSheet, 'abilities'>;

const armorOf = (item: unknown): Record<string, unknown> | undefined => {
  if (!isRecord(item) || item.type !== 'equipment' || !isRecord(item.system) || item.system.equipped !== true)
    return undefined;
  return isRecord(item.system.armor) && typeof item.system.armor.value === 'number' ? item.system : undefined;
};

const typeOf = (system: Record<string, unknown>): unknown =>
  isRecord(system.type) ? system.type.value : isRecord(system.armor) ? system.armor.type : undefined;

/** @param ac `system.attributes.ac` */
export function armorClassOf(ac: unknown, items: readonly unknown[], sheet: Known): number | null {
  const { calc, flat } = isRecord(ac) ? ac : {};
  const modifier = (ability: Ability): number => modifierOf(sheet.abilities[ability]);
  const worn = items.map(armorOf).filter((system) => system !== undefined);
  const shield = worn
    .filter((system) => typeOf(system) === 'shield')
    .reduce((sum, system) => sum + armorValue(system), 0);
  switch (calc) {
    case 'flat':
    case 'natural':
      return isArmorClass(flat) ? flat + (calc === 'natural' ? shield : 0) : null;
    case 'mage':
    case 'draconic':
      return 13 + modifier('dex') + shield;
    case 'unarmoredMonk':
      return 10 + modifier('dex') + modifier('wis');
    case 'unarmoredBarb':
      return 10 + modifier('dex') + modifier('con') + shield;
    case 'default':
      return (
        byArmor(
          worn.filter((system) => typeOf(system) !== 'shield'),
          modifier('dex'),
        ) + shield
      );
    default:
      return isArmorClass(flat) ? flat : null;
  }
}

const isArmorClass = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1_000;

const armorValue = (system: Record<string, unknown>): number => (system.armor as { value: number }).value;

/** Without armour 10 and the modifier; heavy armour knows no Dexterity, and others may limit it. */
function byArmor(worn: readonly Record<string, unknown>[], dexterity: number): number {
  const classes = worn.map((system) => {
    const most = (system.armor as { dex?: unknown }).dex;
    const isHeavy = typeOf(system) === 'heavy';
    const counted = isHeavy ? 0 : typeof most === 'number' ? Math.min(most, dexterity) : dexterity;
    return armorValue(system) + counted;
  });
  return classes.length === 0 ? 10 + dexterity : Math.max(...classes);
}

/** Of a character whose file gives no maximum: what each level gave, by the classes' advancements. */
export function hitPointsOf(items: readonly unknown[], sheet: Known): number | null {
  const classes = items.filter((item) => isRecord(item) && item.type === 'class' && isRecord(item.system));
  if (classes.length === 0) return null;
  const constitution = modifierOf(sheet.abilities.con);
  let sum = 0;
  for (const item of classes as { system: Record<string, unknown> }[]) {
    const gained = gainedOf(item.system, constitution);
    if (gained === null) return null;
    sum += gained;
  }
  return sum;
}

/** A level gives at least one. */
function gainedOf(system: Record<string, unknown>, constitution: number): number | null {
  const die = dieOf(system);
  const advancements = Array.isArray(system.advancement)
    ? system.advancement
    : Object.values(isRecord(system.advancement) ? system.advancement : {});
  const points = (advancements as unknown[]).find((one) => isRecord(one) && one.type === 'HitPoints');
  const values = isRecord(points) && isRecord(points.value) ? points.value : undefined;
  if (die === null || values === undefined || typeof system.levels !== 'number') return null;
  let sum = 0;
  for (let level = 1; level <= Math.min(20, system.levels); level += 1) {
    const gained = Object.hasOwn(values, String(level)) ? values[String(level)] : undefined;
    const rolled = gained === 'max' ? die : gained === 'avg' ? die / 2 + 1 : gained;
    if (typeof rolled !== 'number' || !Number.isFinite(rolled)) return null;
    sum += Math.max(1, rolled + constitution);
  }
  return Math.round(Math.max(0, Math.min(1_000_000_000, sum)));
}

function dieOf({ hd, hitDice }: Record<string, unknown>): number | null {
  const named = isRecord(hd) ? hd.denomination : hitDice;
  const match = typeof named === 'string' ? /^d(4|6|8|10|12)$/.exec(named) : null;
  return match === null ? null : Number(match[1]);
}
