import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { CatalystFacts } from '../catalysts/catalog.js';
import type { CatalogTable } from '../catalysts/catalog-sources.js';

export interface CatalystDefinitionRow {
  facts: unknown;
  version: string;
}

/** The list of catalysts of the live manifest, and what it is derived from. */
@Injectable()
export class CatalystDefinitionsRepository {
  listStatement(): Statement {
    return {
      name: 'destiny.catalyst-definitions.list',
      text: 'SELECT facts, version FROM destiny.catalyst_definition ORDER BY record_hash',
      values: [],
    };
  }

  versionStatement(): Statement {
    return {
      name: 'destiny.catalyst-definitions.find-version',
      text: 'SELECT version FROM destiny.catalyst_definition LIMIT 1',
      values: [],
    };
  }

  async replaceAll(tx: Tx, version: string, catalysts: readonly CatalystFacts[]): Promise<void> {
    await tx.query('DELETE FROM destiny.catalyst_definition');
    await tx.query({
      name: 'destiny.catalyst-definitions.insert',
      text: `INSERT INTO destiny.catalyst_definition (record_hash, weapon_hash, facts, version)
             SELECT (f ->> 'recordHash')::bigint, (f ->> 'weaponHash')::bigint, f, $2 FROM jsonb_array_elements($1::jsonb) AS t (f)`,
      values: [JSON.stringify(catalysts), version],
    });
  }

  /**
   * Definitions of one table after a hash, by hash; of items the exotic weapons alone.
   * @param afterHash -1 for the first page
   */
  listSources(
    tx: Tx,
    versionId: number,
    table: CatalogTable,
    afterHash: number,
    limit: number,
  ): Promise<{ hash: number; json: Record<string, unknown> }[]> {
    return tx.query({
      name: 'destiny.catalyst-definitions.list-sources',
      text: `SELECT hash::float8 AS hash, json FROM destiny.manifest_definition
             WHERE version_id = $1 AND type = $2 AND hash > $3
               AND (type <> 'DestinyInventoryItemDefinition' OR json @> '{"itemType": 3, "inventory": {"tierType": 6}}')
             ORDER BY hash LIMIT $4`,
      values: [versionId, table, afterHash, limit],
    });
  }
}
