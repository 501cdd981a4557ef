import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';

/** A definition with the version that it is of. */
export interface DefinitionRow {
  versionId: number;
  version: string;
  hash: number;
  json: Record<string, unknown>;
}

export interface FoundDefinitionRow {
  hash: number;
  name: string;
  icon: string | null;
  kind: string | null;
}

/**
 * Reads of what is current, each in one statement, so that version and definitions are of one moment: whoever reads while another
 * version becomes current has all of the one or all of the other. `v` names the version, of which the partition follows.
 */
@Injectable()
export class DefinitionsRepository {
  /** None where there is no such definition. */
  definitionStatement(language: string, type: string, hash: number): Statement {
    return {
      name: 'destiny.definitions.find-definition',
      text: `SELECT v.id AS "versionId", v.version, d.hash::float8 AS hash, d.json
             FROM destiny.manifest_version v JOIN destiny.manifest_definition d ON d.version_id = v.id
             WHERE v.language = $1 AND v.is_current AND d.type = $2 AND d.hash = $3`,
      values: [language, type, hash],
    };
  }

  /** Those that there are of the hashes, whole. */
  listStatement(language: string, type: string, hashes: readonly number[]): Statement {
    return {
      name: 'destiny.definitions.list-definitions',
      text: `SELECT v.id AS "versionId", v.version, d.hash::float8 AS hash, d.json
             FROM destiny.manifest_version v JOIN destiny.manifest_definition d ON d.version_id = v.id
             WHERE v.language = $1 AND v.is_current AND d.type = $2 AND d.hash = ANY ($3::bigint[])`,
      values: [language, type, hashes],
    };
  }

  /** A whole table; for small ones. */
  tableStatement(language: string, type: string): Statement {
    return {
      name: 'destiny.definitions.list-table',
      text: `SELECT v.id AS "versionId", v.version, d.hash::float8 AS hash, d.json
             FROM destiny.manifest_version v JOIN destiny.manifest_definition d ON d.version_id = v.id
             WHERE v.language = $1 AND v.is_current AND d.type = $2`,
      values: [language, type],
    };
  }

  /** Items with what weapons and plugs are read from, a fiftieth of the whole: names and paths as in the definition itself. */
  itemsStatement(language: string, hashes: readonly number[]): Statement {
    return {
      name: 'destiny.definitions.list-items',
      text: `SELECT v.id AS "versionId", v.version, d.hash::float8 AS hash, jsonb_build_object(
               'hash', d.hash, 'itemType', j -> 'itemType', 'itemSubType', j -> 'itemSubType',
               'itemTypeDisplayName', j -> 'itemTypeDisplayName',
               'displayProperties', jsonb_build_object('name', j #> '{displayProperties,name}', 'icon', j #> '{displayProperties,icon}'),
               'defaultDamageType', j -> 'defaultDamageType', 'itemCategoryHashes', j -> 'itemCategoryHashes',
               'inventory', jsonb_build_object('bucketTypeHash', j #> '{inventory,bucketTypeHash}', 'tierType', j #> '{inventory,tierType}'),
               'equippingBlock', jsonb_build_object('ammoType', j #> '{equippingBlock,ammoType}'),
               'plug', CASE WHEN j ? 'plug' THEN
                 jsonb_build_object('plugCategoryIdentifier', j #> '{plug,plugCategoryIdentifier}') END,
               'sockets', jsonb_build_object('socketEntries', (
                 SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('socketTypeHash', e -> 'socketTypeHash',
                   'singleInitialItemHash', e -> 'singleInitialItemHash')) ORDER BY n)
                 FROM jsonb_path_query(j, '$.sockets.socketEntries[*]') WITH ORDINALITY AS t (e, n)))) AS json
             FROM destiny.manifest_version v JOIN destiny.manifest_definition d ON d.version_id = v.id
             CROSS JOIN LATERAL (SELECT d.json AS j OFFSET 0) x
             WHERE v.language = $1 AND v.is_current AND d.type = 'DestinyInventoryItemDefinition' AND d.hash = ANY ($2::bigint[])`,
      values: [language, hashes],
    };
  }

  /**
   * By name, the best first: the very name, names that begin so, shorter ones.
   * @param term folded (fold-words.ts) @param pattern of LIKE, that contains the term
   */
  searchStatement(
    language: string,
    type: string,
    { term, pattern }: { term: string; pattern: string },
    limit: number,
  ): Statement {
    return {
      name: 'destiny.definitions.search',
      text: `WITH found AS MATERIALIZED (
               SELECT d.version_id, d.type, d.hash, d.name_fold
               FROM destiny.manifest_version v JOIN destiny.manifest_definition d ON d.version_id = v.id
               WHERE v.language = $1 AND v.is_current AND d.type = $2 AND d.name_fold LIKE $3
               ORDER BY d.name_fold = $4 DESC, starts_with(d.name_fold, $4) DESC, length(d.name_fold), d.name_fold, d.hash
               LIMIT $5)
             SELECT d.hash::float8 AS hash, d.json #>> '{displayProperties,name}' AS name, d.json #>> '{displayProperties,icon}' AS icon,
               d.json ->> 'itemTypeDisplayName' AS kind
             FROM found f JOIN destiny.manifest_definition d USING (version_id, type, hash)
             ORDER BY f.name_fold = $4 DESC, starts_with(f.name_fold, $4) DESC, length(f.name_fold), f.name_fold, f.hash`,
      values: [language, type, pattern, term, limit],
      isPlannedAnew: true,
    };
  }
}
