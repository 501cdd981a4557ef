// Of the manifest's hundred tables those that something here reads; the others stay where they are.

/** Names of tables, as the manifest's paths spell them. */
export const MANIFEST_TABLES = [
  'DestinyRecordDefinition',
  'DestinyObjectiveDefinition',
  'DestinyPresentationNodeDefinition',
  'DestinyInventoryItemDefinition',
  'DestinyPlugSetDefinition',
  'DestinySocketCategoryDefinition',
  'DestinySocketTypeDefinition',
  'DestinyDamageTypeDefinition',
  'DestinyStatDefinition',
  'DestinyCollectibleDefinition',
] as const;

export type ManifestTable = (typeof MANIFEST_TABLES)[number];

const KNOWN: ReadonlySet<string> = new Set(MANIFEST_TABLES);

export function isManifestTable(name: string): name is ManifestTable {
  return KNOWN.has(name);
}

/** What can be searched by name: the rest has none that a player knows, or far too many alike. */
export const SEARCHED_TABLES = [
  'DestinyInventoryItemDefinition',
  'DestinyRecordDefinition',
  'DestinyCollectibleDefinition',
  'DestinyStatDefinition',
  'DestinyDamageTypeDefinition',
  'DestinyPresentationNodeDefinition',
] as const satisfies readonly ManifestTable[];

export type SearchedTable = (typeof SEARCHED_TABLES)[number];

const SEARCHED: ReadonlySet<string> = new Set(SEARCHED_TABLES);

export function isSearchedTable(name: string): name is SearchedTable {
  return SEARCHED.has(name);
}
