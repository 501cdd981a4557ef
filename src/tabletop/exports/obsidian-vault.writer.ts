import { noteName, writeNote } from '../imports/obsidian-note.reader.js';

// Objects as a folder of Obsidian: a note each, in a folder of its kind, with what is no text as properties and what it belongs to and what it is
// to others as links. Those are properties too: in the text they would be part of it when the folder is imported again.

export interface VaultObject {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  readonly parentId: string | null;
  /** What was imported with it beside that. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What one object is to another. */
export interface VaultRelation {
  readonly kind: string;
  /** In the group's own words; may be empty. */
  readonly type: string;
  readonly fromId: string;
  readonly toId: string;
  /** Else it stands in both notes. */
  readonly isDirected: boolean;
}

export interface VaultNote {
  /** `Characters/Ulssin Gloomburn.md` */
  readonly path: string;
  readonly text: string;
}

/** Names of properties that are ours. */
const OWN = new Set(['kind', 'tags', 'aliases', 'summary', 'within', 'title', 'relations']);
/** Signs that end a link, or what it is shown as. */
const NO_LABEL = /[[\]|\s]+/g;

/** How much of what its reader sees is in a folder. */
export interface VaultManifest {
  readonly objects: { readonly written: number; readonly seen: number };
  readonly relations: { readonly written: number; readonly isAll: boolean };
}

/** No note, so that it is none when the folder is imported again. */
export function writeManifest({ objects, relations }: VaultManifest): VaultNote {
  const isComplete = objects.written === objects.seen && relations.isAll;
  return {
    path: 'guildhall-export.json',
    text: `${JSON.stringify({ isComplete, objects, relations }, null, 2)}\n`,
  };
}

/**
 * The same objects give the same notes; two of one name get names of their own.
 * @param relations those between objects that are both among them are written @returns how many those were, too
 */
export function writeVault(
  objects: readonly VaultObject[],
  relations: readonly VaultRelation[],
): { notes: VaultNote[]; relationCount: number } {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, name } of objects) {
    const plain = noteName(name);
    let own = plain;
    for (let times = 2; taken.has(own.toLowerCase()); times += 1) own = `${plain} (${times})`;
    taken.add(own.toLowerCase());
    names.set(id, own);
  }
  const within = relations.filter(({ fromId, toId }) => names.has(fromId) && names.has(toId));
  const linked = linksOf(within, names);
  const notes = objects.map((object) => {
    const own = names.get(object.id)!;
    const parent = object.parentId === null ? undefined : names.get(object.parentId);
    const properties = {
      kind: object.kind,
      ...(own !== object.name && { title: object.name }),
      aliases: [...object.aliases],
      tags: object.tags.map((tag) => tag.replaceAll(/\s+/g, '-')),
      summary: object.summary,
      ...(parent !== undefined && { within: `[[${parent}]]` }),
      relations: linked.get(object.id) ?? [],
      ...Object.fromEntries(Object.entries(object.extra).filter(([key]) => !OWN.has(key))),
    };
    return { path: `${folderOf(object.kind)}/${own}.md`, text: writeNote(properties, object.body) };
  });
  return { notes, relationCount: within.length };
}

/** By object, `[[Jaal Moonwell|rival: Jaal Moonwell]]`. */
function linksOf(
  relations: readonly VaultRelation[],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, string[]> {
  const links = new Map<string, string[]>();
  const add = (from: string, to: string, label: string): void => {
    const name = names.get(to)!;
    const there = links.get(from);
    const link = `[[${name}|${label}: ${name}]]`;
    if (there === undefined) links.set(from, [link]);
    else there.push(link);
  };
  for (const { kind, type, fromId, toId, isDirected } of relations) {
    const label = type.replaceAll(NO_LABEL, ' ').trim() || kind;
    add(fromId, toId, label);
    if (!isDirected) add(toId, fromId, label);
  }
  return links;
}

function folderOf(kind: string): string {
  const plural = kind.endsWith('s') ? kind : kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return plural.charAt(0).toUpperCase() + plural.slice(1);
}
