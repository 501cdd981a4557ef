import { noteName, writeNote } from '../imports/obsidian-note.reader.js';

// Objects as a folder of Obsidian: a note each, in a folder of its kind, with what is no text as properties and what it belongs to as a link.

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

export interface VaultNote {
  /** `Characters/Ulssin Gloomburn.md` */
  readonly path: string;
  readonly text: string;
}

/** Names of properties that are ours. */
const OWN = new Set(['kind', 'tags', 'aliases', 'summary', 'within', 'title']);

/** The same objects give the same notes; two of one name get names of their own. */
export function writeVault(objects: readonly VaultObject[]): VaultNote[] {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, name } of objects) {
    const plain = noteName(name);
    let own = plain;
    for (let times = 2; taken.has(own.toLowerCase()); times += 1) own = `${plain} (${times})`;
    taken.add(own.toLowerCase());
    names.set(id, own);
  }
  return objects.map((object) => {
    const own = names.get(object.id)!;
    const parent = object.parentId === null ? undefined : names.get(object.parentId);
    const properties = {
      kind: object.kind,
      ...(own !== object.name && { title: object.name }),
      aliases: [...object.aliases],
      tags: object.tags.map((tag) => tag.replaceAll(/\s+/g, '-')),
      summary: object.summary,
      ...(parent !== undefined && { within: `[[${parent}]]` }),
      ...Object.fromEntries(Object.entries(object.extra).filter(([key]) => !OWN.has(key))),
    };
    return { path: `${folderOf(object.kind)}/${own}.md`, text: writeNote(properties, object.body) };
  });
}

function folderOf(kind: string): string {
  const plural = kind.endsWith('s') ? kind : kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return plural.charAt(0).toUpperCase() + plural.slice(1);
}
