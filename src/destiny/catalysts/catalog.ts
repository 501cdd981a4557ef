// Which catalysts there are, and what is known of each without asking Bungie. One file of facts (seeds/destiny/catalysts.json) is
// shipped, so that the product works with no key and no network; a live manifest gives the same shape through derive-catalog.ts.
// No hash of a catalyst stands anywhere else in the program: the original carried 170 in its code, and 68 of them do not exist.
//
// Invariant: a catalog that was built holds each record once, each weapon once, and no two weapons whose names are equal by
// `weaponNameKey`; it never changes afterwards.
import { z } from 'zod';
import { ACTIVITIES } from './objective-kind.js';
import { weaponNameKey } from './weapon-name.js';
import { AMMO, ELEMENTS, SLOTS, WEAPON_TYPES } from './weapon-terms.js';

/** Hashes are unsigned 32-bit numbers. */
const hash = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);
const text = (longest: number) => z.string().min(1).max(longest);

const objectiveSchema = z.strictObject({
  /** As the game writes it, English in the shipped file. */
  text: text(200),
  target: z.int().min(1),
  /** Null where only the live manifest knows it. */
  objectiveHash: hash.nullable(),
});

/** A null is a fact that no source knew. */
const factsSchema = z.strictObject({
  recordHash: hash,
  weaponHash: hash,
  weaponName: text(100),
  /** Of the record, for example "Ace of Spades Catalyst". */
  name: text(120),
  /** Path below https://www.bungie.net. */
  icon: z.string().startsWith('/').max(300).nullable(),
  weaponType: z.enum(WEAPON_TYPES).nullable(),
  element: z.enum(ELEMENTS).nullable(),
  slot: z.enum(SLOTS).nullable(),
  ammo: z.enum(AMMO).nullable(),
  /** In which the weapon came, from 1. */
  season: z.int().min(1).nullable(),
  /** Where the weapon comes from, a few words. */
  source: text(120).nullable(),
  /** In the order of the record; empty where no source knew them. */
  objectives: z.array(objectiveSchema).max(16),
  /** Where or how progress is made, for planning. */
  activity: z.enum(ACTIVITIES),
});

const provenanceSchema = z.strictObject({
  /** What was read: repositories with their commits, or the version of a manifest. */
  sources: z.array(text(300)).min(1),
  /** Day on which the file was made, YYYY-MM-DD. */
  madeOn: z.iso.date(),
  notice: text(400),
});

export const catalogFileSchema = z.strictObject({
  provenance: provenanceSchema,
  catalysts: z.array(factsSchema).min(1).max(2_000),
});

export type CatalogFile = z.infer<typeof catalogFileSchema>;
export type CatalystFacts = DeepReadonly<z.infer<typeof factsSchema>>;
export type CatalystObjectiveFacts = CatalystFacts['objectives'][number];

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The facts of all catalysts, ordered by the weapon's name, with their look-ups. */
export class Catalog {
  readonly catalysts: readonly CatalystFacts[];
  private readonly byRecord: ReadonlyMap<number, CatalystFacts>;
  private readonly byWeapon: ReadonlyMap<number, CatalystFacts>;
  private readonly byKey: ReadonlyMap<string, CatalystFacts>;

  /** @throws Error naming the first record, weapon or name that stands twice */
  constructor(facts: readonly CatalystFacts[]) {
    const sorted = [...facts].sort(byWeaponName);
    for (const each of sorted) {
      each.objectives.forEach(Object.freeze);
      Object.freeze(each.objectives);
      Object.freeze(each);
    }
    this.catalysts = Object.freeze(sorted);
    this.byRecord = uniqueBy(sorted, (each) => each.recordHash, 'record');
    this.byWeapon = uniqueBy(sorted, (each) => each.weaponHash, 'weapon');
    this.byKey = uniqueBy(sorted, (each) => weaponNameKey(each.weaponName), 'name');
  }

  ofRecord(recordHash: number): CatalystFacts | undefined {
    return this.byRecord.get(recordHash);
  }

  ofWeapon(weaponHash: number): CatalystFacts | undefined {
    return this.byWeapon.get(weaponHash);
  }

  /** @param name of the weapon or of its catalyst, in any spelling that `weaponNameKey` makes equal */
  ofName(name: string): CatalystFacts | undefined {
    const key = weaponNameKey(name);
    return this.byKey.get(key) ?? this.catalysts.find((each) => weaponNameKey(each.name) === key);
  }
}

/** Bytewise by folded name, so that every machine and language sorts alike. */
export function byWeaponName(a: CatalystFacts, b: CatalystFacts): number {
  const left = nameKeyOf(a);
  const right = nameKeyOf(b);
  return left < right ? -1 : left > right ? 1 : a.recordHash - b.recordHash;
}

/** Lists are sorted for every answer, and folding a name takes longer than all else of a comparison. */
const nameKeys = new WeakMap<CatalystFacts, string>();

function nameKeyOf(facts: CatalystFacts): string {
  const known = nameKeys.get(facts);
  if (known !== undefined) return known;
  const key = weaponNameKey(facts.weaponName);
  nameKeys.set(facts, key);
  return key;
}

function uniqueBy<K extends number | string>(
  facts: readonly CatalystFacts[],
  keyOf: (each: CatalystFacts) => K,
  what: string,
): ReadonlyMap<K, CatalystFacts> {
  const found = new Map<K, CatalystFacts>();
  for (const each of facts) {
    const key = keyOf(each);
    if (found.has(key)) throw new Error(`the ${what} ${key} stands twice among the catalysts`);
    found.set(key, each);
  }
  return found;
}
