import { Injectable } from '@nestjs/common';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import type { Scope } from '../../platform/database/unit-of-work.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { VersionedBody } from '../../platform/http/conditional.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { unknownDefinition, unknownLanguage, unknownTable, unsearchableTable } from '../destiny.errors.js';
import { BUILT_IN_VERSION, builtInDefinition } from './built-in-definitions.js';
import { CurrentManifests } from './current-manifests.service.js';
import {
  type DefinitionRow,
  DefinitionsRepository,
  type FoundDefinitionRow,
} from './definitions.repository.js';
import type { DefinitionDto, FoundDefinitionsDto, SearchDefinitionsQueryDto } from './definitions.dto.js';
import { toDefinitionDto, toFoundDefinitionDto } from './definitions.mapper.js';
import { containsPattern, foldWords } from './fold-words.js';
import { isManifestTable, isSearchedTable, MANIFEST_TABLES, SEARCHED_TABLES } from './manifest-tables.js';
import { hashOf } from './read-definition.js';

/** Which definition is asked for, as it stands in the path. */
export interface DefinitionPlace {
  readonly type: string;
  readonly hash: string;
  readonly lang: string | undefined;
}

/** Whole definitions that this process keeps, some kilobytes each. */
const MOST_DEFINITIONS = 2_000;
const DEFINITION_TTL_MS = 3_600_000;

/** Definitions as clients read them. */
@Injectable()
export class DefinitionDesk {
  private readonly definitions: Cache<DefinitionRow | null>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly current: CurrentManifests,
    private readonly rows: DefinitionsRepository,
    caches: Caches,
  ) {
    this.definitions = caches.open({
      name: 'destiny.definitions',
      ttlMs: DEFINITION_TTL_MS,
      mostEntries: MOST_DEFINITIONS,
      version: 1,
    });
  }

  /** The version that an answer would be of. @throws DomainError for a language that was not imported */
  async version({ lang }: DefinitionPlace): Promise<string> {
    return (await this.languageOf(lang)).version;
  }

  /** @throws DomainError where there is no such table, language or definition */
  async find(scope: Scope, place: DefinitionPlace): Promise<VersionedBody<DefinitionDto, string>> {
    const { type, lang } = place;
    if (!isManifestTable(type)) throw unknownTable(MANIFEST_TABLES);
    const hash = hashOf(place.hash);
    if (hash === undefined) throw unknownDefinition();
    const { language, version, id } = await this.languageOf(lang);
    if (id === undefined) {
      const json = builtInDefinition(shippedCatalog(), type, hash);
      if (json === null) throw unknownDefinition();
      return { version, body: toDefinitionDto(type, language, { version, hash, json }) };
    }
    const row = await this.definition(scope, { language, id }, type, hash);
    if (!row) throw unknownDefinition();
    return { version: row.version, body: toDefinitionDto(type, language, row) };
  }

  /** @throws DomainError for a table that has no names, or a language that was not imported */
  async search(
    scope: Scope,
    type: string,
    { q, lang, limit }: SearchDefinitionsQueryDto,
  ): Promise<FoundDefinitionsDto> {
    if (!isSearchedTable(type)) throw unsearchableTable(SEARCHED_TABLES);
    const { language, version } = await this.languageOf(lang);
    const term = foldWords(q);
    const words = { term, pattern: containsPattern(q) };
    const rows =
      version === BUILT_IN_VERSION || term === ''
        ? []
        : await this.uow.read<FoundDefinitionRow>(
            scope,
            this.rows.searchStatement(language, type, words, limit),
          );
    return { language, version, items: rows.map(toFoundDefinitionDto) };
  }

  /** Kept by its version, under which it never changes. */
  private async definition(
    scope: Scope,
    { language, id }: { language: string; id: number },
    type: string,
    hash: number,
  ): Promise<DefinitionRow | null> {
    const key = `${id}/${type}/${hash}`;
    const row = await this.definitions.get(key, async () => {
      const statement = this.rows.definitionStatement(language, type, hash);
      const [found] = await this.uow.read<DefinitionRow>(scope, statement);
      return found ?? null;
    });
    if (row === null || row.versionId === id) return row;
    // Another version became current after this process had looked which one is.
    this.current.forget();
    await this.definitions.forget(key);
    return row;
  }

  /** @returns no id where the shipped catalog stands in */
  private async languageOf(
    lang: string | undefined,
  ): Promise<{ language: string; version: string; id?: number }> {
    const language = lang ?? this.current.defaultLanguage;
    const known = await this.current.list();
    const found = known.get(language);
    if (found) return found;
    // Names of the shipped catalog are English; it stands in only while there is nothing better in any language.
    if (known.size === 0 && (lang === undefined || lang === 'en'))
      return { language: 'en', version: BUILT_IN_VERSION };
    throw unknownLanguage([...known.keys()]);
  }
}
