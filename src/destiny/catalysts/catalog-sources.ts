// What of a manifest decides which catalysts there are. Definitions come one at a time, in any order, as a stream of a table or rows of
// a database hand them out; of each the few fields that matter are kept, so that a manifest of hundreds of megabytes fits. A field that
// is missing or of another type counts as missing.
import { z } from 'zod';
import {
  type Ammo,
  ammoOf,
  type Element,
  elementOf,
  type Slot,
  slotOf,
  type WeaponType,
  weaponTypeOf,
} from './weapon-terms.js';

/** Tables that have to be handed over. */
export const CATALOG_TABLES = [
  'DestinyPresentationNodeDefinition',
  'DestinyRecordDefinition',
  'DestinyObjectiveDefinition',
  'DestinyInventoryItemDefinition',
] as const;
export type CatalogTable = (typeof CATALOG_TABLES)[number];

export function isCatalogTable(name: string): name is CatalogTable {
  return (CATALOG_TABLES as readonly string[]).includes(name);
}

export interface SourceNode {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly records: readonly number[];
}

export interface SourceRecord {
  readonly recordHash: number;
  /** Of the obscured state where there is one: the other is empty until it is found. */
  readonly name: string;
  readonly icon: string | null;
  readonly description: string | null;
  readonly objectiveHashes: readonly number[];
}

export interface SourceObjective {
  readonly text: string;
  readonly target: number;
}

export interface SourceWeapon {
  readonly weaponHash: number;
  readonly name: string;
  readonly weaponType: WeaponType | null;
  readonly element: Element | null;
  readonly slot: Slot | null;
  readonly ammo: Ammo | null;
  /** Place in Bungie's own order: reissues come later. */
  readonly index: number;
}

const WEAPON = 3;
const EXOTIC = 6;

const hash = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const part = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const display = part(
  z.object({ name: part(z.string()), description: part(z.string()), icon: part(z.string()) }),
);

const nodeSchema = z.object({
  hash,
  displayProperties: display,
  children: part(
    z.object({
      presentationNodes: part(z.array(z.object({ presentationNodeHash: hash }))),
      records: part(z.array(z.object({ recordHash: hash }))),
    }),
  ),
});
const recordSchema = z.object({
  hash,
  displayProperties: display,
  stateInfo: part(z.object({ obscuredName: part(z.string()) })),
  objectiveHashes: part(z.array(hash)),
});
const objectiveSchema = z.object({
  hash,
  progressDescription: part(z.string()),
  completionValue: part(z.int()),
});
const weaponSchema = z.object({
  hash,
  itemType: z.literal(WEAPON),
  displayProperties: z.object({ name: z.string().min(1) }),
  inventory: z.object({ tierType: z.literal(EXOTIC), bucketTypeHash: part(hash) }),
  itemSubType: part(z.number()),
  defaultDamageType: part(z.number()),
  equippingBlock: part(z.object({ ammoType: part(z.number()) })),
  index: part(z.number()),
});

/** Collects what `deriveCatalog` needs. */
export class CatalogSources {
  readonly nodes = new Map<number, SourceNode>();
  readonly records = new Map<number, SourceRecord>();
  readonly objectives = new Map<number, SourceObjective>();
  /** Exotic weapons alone. */
  readonly weapons: SourceWeapon[] = [];

  /** @param definition parsed JSON; what is none of ours is passed over */
  accept(table: CatalogTable, definition: unknown): void {
    if (table === 'DestinyPresentationNodeDefinition') this.acceptNode(definition);
    else if (table === 'DestinyRecordDefinition') this.acceptRecord(definition);
    else if (table === 'DestinyObjectiveDefinition') this.acceptObjective(definition);
    else this.acceptWeapon(definition);
  }

  private acceptNode(definition: unknown): void {
    const { data } = nodeSchema.safeParse(definition);
    if (!data) return;
    this.nodes.set(data.hash, {
      name: data.displayProperties?.name ?? '',
      nodes: (data.children?.presentationNodes ?? []).map((child) => child.presentationNodeHash),
      records: (data.children?.records ?? []).map((child) => child.recordHash),
    });
  }

  private acceptRecord(definition: unknown): void {
    const { data } = recordSchema.safeParse(definition);
    if (!data) return;
    const { displayProperties: shown, stateInfo } = data;
    this.records.set(data.hash, {
      recordHash: data.hash,
      name: stateInfo?.obscuredName || shown?.name || '',
      icon: shown?.icon?.startsWith('/') ? shown.icon : null,
      description: shown?.description || null,
      objectiveHashes: data.objectiveHashes ?? [],
    });
  }

  private acceptObjective(definition: unknown): void {
    const { data } = objectiveSchema.safeParse(definition);
    if (!data?.progressDescription || (data.completionValue ?? 0) < 1) return;
    this.objectives.set(data.hash, { text: data.progressDescription, target: data.completionValue! });
  }

  private acceptWeapon(definition: unknown): void {
    const { data } = weaponSchema.safeParse(definition);
    if (!data) return;
    this.weapons.push({
      weaponHash: data.hash,
      name: data.displayProperties.name,
      weaponType: weaponTypeOf(data.itemSubType),
      element: elementOf(data.defaultDamageType),
      slot: slotOf(data.inventory.bucketTypeHash),
      ammo: ammoOf(data.equippingBlock?.ammoType),
      index: data.index ?? 0,
    });
  }
}

/** The hash behind the id of a row in Bungie's SQLite files, where it is a signed 32-bit number. */
export function hashOfRowId(id: number): number {
  return id >>> 0;
}
