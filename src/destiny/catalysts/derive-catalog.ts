// The catalysts as a manifest has them: the records that hang below the catalysts' presentation node, each matched to an exotic weapon
// by its name. Since The Witch Queen Bungie's own root holds weapon patterns too, and a triumph "Catalyst Collector" counts catalysts
// without being one; so a leaf is a catalyst only if its name says so and a weapon of that name exists. What could not be matched is
// handed back, never dropped in silence.
//
// The names are matched in English, so the English tables are what has to be read.
import type { Catalog, CatalystFacts } from './catalog.js';
import { byWeaponName } from './catalog.js';
import type { CatalogSources, SourceRecord, SourceWeapon } from './catalog-sources.js';
import { type Activity, activityOf } from './objective-kind.js';
import { foldText, weaponNameKey } from './weapon-name.js';

export interface DerivedCatalog {
  readonly catalysts: readonly CatalystFacts[];
  /** Leaves that call themselves catalysts, but no weapon does; and those whose weapon another record has already. */
  readonly unmatched: readonly { readonly recordHash: number; readonly name: string }[];
  /** Leaves that are something else, for example patterns. */
  readonly passedOverCount: number;
}

/** The node with nothing but catalysts below it, which D2Checklist found. */
const CATALYSTS_NODE = 2_744_330_515;

/** Records that do not carry their weapon's name, by `weaponNameKey`. */
const RENAMED: ReadonlyMap<string, string> = new Map([['immovable refit', 'Vexcalibur']]);

const SAYS_CATALYST = / catalyst$/;

/**
 * @param known facts that no manifest holds (season, origin) are taken over from here, and so is a pair that names do not give
 * @param settingsRoot destiny2CoreSettings.exoticCatalystsRootNodeHash, where it is known
 * @throws Error when the manifest has no node of catalysts
 */
export function deriveCatalog(
  sources: CatalogSources,
  known: Catalog,
  settingsRoot: number | null,
): DerivedCatalog {
  const leaves = leavesBelow(sources, rootOf(sources, settingsRoot));
  const weapons = new WeaponNames(sources.weapons, known);
  const taken = new Set<number>();
  const catalysts: CatalystFacts[] = [];
  const unmatched: { recordHash: number; name: string }[] = [];
  // Those that are known come first, so that a duplicate cannot take their weapon away.
  const ordered = [...leaves].sort((a, b) => Number(isNew(a, known)) - Number(isNew(b, known)));
  let passedOverCount = 0;
  for (const record of ordered) {
    const isRenamed = RENAMED.has(weaponNameKey(record.name));
    if (isNew(record, known) && !isRenamed && !SAYS_CATALYST.test(foldText(record.name))) {
      passedOverCount += 1;
      continue;
    }
    const weapon = weapons.of(record);
    if (weapon === undefined || taken.has(weapon.weaponHash)) {
      unmatched.push({ recordHash: record.recordHash, name: record.name });
      continue;
    }
    taken.add(weapon.weaponHash);
    catalysts.push(factsOf(record, weapon, sources, known));
  }
  return { catalysts: catalysts.sort(byWeaponName), unmatched, passedOverCount };
}

function rootOf(sources: CatalogSources, settingsRoot: number | null): number {
  const named = [...sources.nodes].find(([, { name }]) => foldText(name) === 'exotic catalysts')?.[0];
  const found = [CATALYSTS_NODE, settingsRoot, named].find((root) => root != null && sources.nodes.has(root));
  if (found == null) throw new Error('the manifest has no presentation node of catalysts');
  return found;
}

/** In the order of the tree; each once, whatever circles Bungie may draw. */
function leavesBelow(sources: CatalogSources, root: number): SourceRecord[] {
  const seen = new Set<number>();
  const leaves = new Map<number, SourceRecord>();
  const open = [root];
  for (let hash = open.shift(); hash !== undefined; hash = open.shift()) {
    const node = sources.nodes.get(hash);
    if (node === undefined || seen.has(hash)) continue;
    seen.add(hash);
    open.push(...node.nodes);
    for (const recordHash of node.records) {
      const record = sources.records.get(recordHash);
      if (record) leaves.set(recordHash, record);
    }
  }
  return [...leaves.values()];
}

function isNew({ recordHash }: SourceRecord, known: Catalog): boolean {
  return known.ofRecord(recordHash) === undefined;
}

/** Finds the weapon that a record names. */
class WeaponNames {
  private readonly byKey = new Map<string, SourceWeapon>();

  /** Reissues of one name collapse: the one that is known, else the newest. */
  constructor(
    private readonly weapons: readonly SourceWeapon[],
    private readonly known: Catalog,
  ) {
    for (const weapon of weapons) {
      const key = weaponNameKey(weapon.name);
      const other = this.byKey.get(key);
      if (other === undefined || this.rank(weapon) > this.rank(other)) this.byKey.set(key, weapon);
    }
  }

  of(record: SourceRecord): SourceWeapon | undefined {
    const key = weaponNameKey(record.name);
    const renamed = RENAMED.get(key);
    const byName =
      this.byKey.get(renamed === undefined ? key : weaponNameKey(renamed)) ?? this.shortened(key);
    if (byName) return byName;
    const pair = this.known.ofRecord(record.recordHash);
    return pair && this.weapons.find(({ weaponHash }) => weaponHash === pair.weaponHash);
  }

  /** "Prometheus Catalyst" belongs to "Prometheus Lens", "Skyburner Catalyst" to "Skyburner's Oath", if only one weapon begins so. */
  private shortened(key: string): SourceWeapon | undefined {
    if (key === '') return undefined;
    const found = [...this.byKey].filter(
      ([name]) => name.startsWith(`${key} `) || name.startsWith(`${key}s `),
    );
    return found.length === 1 ? found[0]![1] : undefined;
  }

  private rank({ weaponHash, index }: SourceWeapon): number {
    return this.known.ofWeapon(weaponHash) ? Number.POSITIVE_INFINITY : index;
  }
}

/** What the manifest does not say is kept from what was known. */
function factsOf(
  record: SourceRecord,
  weapon: SourceWeapon,
  sources: CatalogSources,
  known: Catalog,
): CatalystFacts {
  const before = known.ofRecord(record.recordHash);
  const isRenamed = RENAMED.has(weaponNameKey(record.name));
  const objectives = record.objectiveHashes.flatMap((objectiveHash) => {
    const objective = sources.objectives.get(objectiveHash);
    return objective ? [{ ...objective, objectiveHash }] : [];
  });
  const isWhole = objectives.length > 0 && objectives.length === record.objectiveHashes.length;
  const stated = isWhole ? objectives : (before?.objectives.map((each) => ({ ...each })) ?? []);
  return {
    recordHash: record.recordHash,
    weaponHash: weapon.weaponHash,
    weaponName: weapon.name,
    name: isRenamed ? `${weapon.name} Catalyst` : record.name || `${weapon.name} Catalyst`,
    icon: record.icon ?? before?.icon ?? null,
    weaponType: weapon.weaponType ?? before?.weaponType ?? null,
    element: weapon.element ?? before?.element ?? null,
    slot: weapon.slot ?? before?.slot ?? null,
    ammo: weapon.ammo ?? before?.ammo ?? null,
    season: before?.season ?? null,
    source: before?.source ?? null,
    objectives: stated,
    activity: activityFor(isWhole ? stated : [], record.description, before),
  };
}

/** That only the Crucible counts can stand in the description alone: without one, what was known before is kept. */
function activityFor(
  objectives: readonly { readonly text: string }[],
  description: string | null,
  before: CatalystFacts | undefined,
): Activity {
  if (before !== undefined && (objectives.length === 0 || description === null)) return before.activity;
  return activityOf(
    objectives.map(({ text }) => text),
    description,
  );
}
