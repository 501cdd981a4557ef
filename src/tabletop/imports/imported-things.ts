import type { Json, JsonObject } from './three-way-merge.js';
import { isRecord } from './value-reader.js';

// What an imported sheet says that somebody carries, as it stands in an inventory. Bounds are those of the inventory's own routes.

export const MOST_THING_NAME = 200;
const MOST_NOTES = 5_000;
const MOST_QUANTITY = 1_000_000;
const MOST_WEIGHT_LB = 1_000_000;

/** A thing of a sheet; `id` is the sheet's own. */
export type ImportedThingFields = JsonObject & {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly isEquipped: boolean;
  readonly weightLb: number | null;
  readonly notes: string;
};

/** @param state of a character, as an import maps it; things that nobody has any of are left out */
export function thingsOf(state: JsonObject): ImportedThingFields[] {
  const custom = isRecord(state['sheet']) ? state['sheet']['custom'] : undefined;
  const imported = isRecord(custom) ? custom['imported'] : undefined;
  const list = isRecord(imported) ? imported['inventory'] : undefined;
  const things = new Map<string, ImportedThingFields>();
  for (const item of Array.isArray(list) ? (list as Json[]) : []) {
    const thing = isRecord(item) ? thingOf(item) : undefined;
    if (thing !== undefined && !things.has(thing.id)) things.set(thing.id, thing);
  }
  return [...things.values()];
}

function thingOf(item: Readonly<Record<string, unknown>>): ImportedThingFields | undefined {
  const { id, name, quantity, isEquipped, weightLb, description } = item;
  if (typeof id !== 'string' || id === '') return undefined;
  const count = typeof quantity === 'number' ? Math.min(MOST_QUANTITY, Math.floor(quantity)) : 1;
  if (!(count >= 1)) return undefined;
  return {
    id,
    name: textOf(name, MOST_THING_NAME) || 'Unnamed',
    quantity: count,
    isEquipped: isEquipped === true,
    weightLb: typeof weightLb === 'number' && weightLb >= 0 ? Math.min(MOST_WEIGHT_LB, weightLb) : null,
    notes: textOf(description, MOST_NOTES),
  };
}

function textOf(value: unknown, most: number): string {
  return typeof value === 'string' ? value.slice(0, most).toWellFormed() : '';
}
