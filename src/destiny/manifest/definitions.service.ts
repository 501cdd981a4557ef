import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { readEnhancedTraits } from '../weapons/enhanced-traits.reader.js';
import {
  readPlugDefinition,
  readSocketTypeDefinition,
  readWeaponDefinition,
} from '../weapons/read-weapon-definition.js';
import type {
  PlugDefinition,
  SocketTypeDefinition,
  WeaponDefinition,
  WeaponDefinitions,
} from '../weapons/weapon-definition.js';
import { BUILT_IN_VERSION, builtInWeapon } from './built-in-definitions.js';
import { CurrentManifests } from './current-manifests.service.js';
import { type DefinitionRow, DefinitionsRepository } from './definitions.repository.js';
import type { ManifestTable } from './manifest-tables.js';

/** Items of one version that a process holds, a kilobyte each; then it begins anew. */
const MOST_ITEMS = 20_000;

/** What is known of an item; one may be both, neither, or not be there at all. */
interface Item {
  weapon: WeaponDefinition | null;
  plug: PlugDefinition | null;
}

/** Items of one version in one language. */
interface Shelf {
  versionId: number;
  items: Map<number, Item>;
  socketTypes: Promise<ReadonlyMap<number, SocketTypeDefinition>> | undefined;
}

/**
 * Definitions for the rest of Destiny. Weapons and plugs come in bulk, one statement for all that this process does not hold yet, in the
 * compact form of `weapons`; what is held is of one version and forgotten with it. While no manifest was imported, the shipped
 * catalog answers with what it knows. A language that was not imported is answered in the settings' first.
 */
@Injectable()
export class Definitions {
  /** By language. */
  private readonly shelves = new Map<string, Shelf>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly current: CurrentManifests,
    private readonly rows: DefinitionsRepository,
  ) {}

  /** Whatever is known of these items, weapons and plugs alike, to be asked without waiting. All of one version. */
  async lookup(itemHashes: Iterable<number>, language?: string): Promise<WeaponDefinitions> {
    const held = await this.shelf(language);
    if (!held) {
      const catalog = shippedCatalog();
      return { weapon: (hash) => builtInWeapon(catalog, hash), plug: () => null };
    }
    const wanted = [...new Set(itemHashes)];
    const known = new Map(
      wanted.flatMap((hash) => {
        const item = held.shelf.items.get(hash);
        return item === undefined ? [] : [[hash, item] as const];
      }),
    );
    const missing = wanted.filter((hash) => !known.has(hash));
    if (missing.length > 0) {
      const read = await this.readItems(held.language, held.shelf, missing);
      if (read === undefined) return this.lookup(wanted, language); // another version became current meanwhile
      for (const [hash, item] of read) known.set(hash, item);
    }
    return {
      weapon: (hash) => known.get(hash)?.weapon ?? null,
      plug: (hash) => known.get(hash)?.plug ?? null,
    };
  }

  /** Names what answers depend on: version and language. */
  async edition(language?: string): Promise<string> {
    const version = await this.versionOf(language);
    return version === undefined ? BUILT_IN_VERSION : `${version.language}:${version.id}`;
  }

  /** The whole definitions of these hashes, by hash; empty while no manifest was imported. */
  async list(
    type: ManifestTable,
    hashes: readonly number[],
    language?: string,
  ): Promise<Map<number, Record<string, unknown>>> {
    const version = await this.versionOf(language);
    if (!version) return new Map();
    const statement = this.rows.listStatement(version.language, type, hashes);
    const rows = await this.uow.read<DefinitionRow>(SYSTEM_PRINCIPAL, statement);
    return new Map(rows.map(({ hash, json }) => [hash, json]));
  }

  private async versionOf(language: string | undefined) {
    return (await this.current.find(language)) ?? (await this.current.find());
  }

  private async shelf(language: string | undefined): Promise<{ language: string; shelf: Shelf } | undefined> {
    const version = await this.versionOf(language);
    if (!version) return undefined;
    const known = this.shelves.get(version.language);
    if (known?.versionId === version.id && known.items.size <= MOST_ITEMS)
      return { language: version.language, shelf: known };
    const shelf: Shelf = { versionId: version.id, items: new Map(), socketTypes: undefined };
    this.shelves.set(version.language, shelf);
    return { language: version.language, shelf };
  }

  /** Reads items and keeps them. @returns undefined where they are of another version than the shelf by now */
  private async readItems(
    language: string,
    shelf: Shelf,
    hashes: readonly number[],
  ): Promise<Map<number, Item> | undefined> {
    const [rows, socketTypes] = await Promise.all([
      this.uow.read<DefinitionRow>(SYSTEM_PRINCIPAL, this.rows.itemsStatement(language, hashes)),
      this.socketTypesOf(language, shelf),
    ]);
    if (rows.some(({ versionId }) => versionId !== shelf.versionId)) {
      this.current.forget();
      return undefined;
    }
    const bases = readEnhancedTraits();
    const lookups = {
      socketType: (hash: number) => socketTypes.get(hash) ?? null,
      plugCategory: (hash: number) => shelf.items.get(hash)?.plug?.category ?? null,
    };
    const jsons = new Map(rows.map(({ hash, json }) => [hash, json]));
    const items = hashes.map((hash): [number, Item] => {
      const json = jsons.get(hash);
      const plug = json === undefined ? null : readPlugDefinition(json, bases);
      return [hash, { weapon: json === undefined ? null : readWeaponDefinition(json, lookups), plug }];
    });
    for (const [hash, item] of items) shelf.items.set(hash, item);
    return new Map(items);
  }

  private socketTypesOf(language: string, shelf: Shelf): Promise<ReadonlyMap<number, SocketTypeDefinition>> {
    shelf.socketTypes ??= this.readSocketTypes(language).catch((error: unknown) => {
      shelf.socketTypes = undefined;
      throw error;
    });
    return shelf.socketTypes;
  }

  private async readSocketTypes(language: string): Promise<ReadonlyMap<number, SocketTypeDefinition>> {
    const statement = this.rows.tableStatement(language, 'DestinySocketTypeDefinition');
    const rows = await this.uow.read<DefinitionRow>(SYSTEM_PRINCIPAL, statement);
    return new Map(rows.map(({ hash, json }) => [hash, readSocketTypeDefinition(json)]));
  }
}
