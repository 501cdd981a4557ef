import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface GameRow {
  id: number;
  key: string;
  name: string;
}

export interface ServerRow {
  id: number;
  gameId: number;
  key: string;
  name: string;
}

export interface CategoryRow {
  id: number;
  name: string;
}

export interface ItemTypeRow {
  externalId: number;
  name: string | null;
  nameEn: string | null;
  category: string | null;
  craftXpRatio: number | null;
}

/** Games, servers, categories: what a market is made of. Statements are read-only and run by `uow.read`. */
@Injectable()
export class CatalogRepository {
  gamesStatement(): Statement {
    return {
      name: 'market.catalog.list-games',
      text: 'SELECT id, key, name FROM market.game ORDER BY key',
      values: [],
    };
  }

  serversStatement(): Statement {
    return {
      name: 'market.catalog.list-servers',
      text: 'SELECT id, game_id AS "gameId", key, name FROM market.server ORDER BY name',
      values: [],
    };
  }

  categoriesStatement(gameId: number): Statement {
    return {
      name: 'market.catalog.list-categories',
      text: 'SELECT id, name FROM market.category WHERE game_id = $1 ORDER BY name',
      values: [gameId],
    };
  }

  itemTypesStatement(gameId: number): Statement {
    return {
      name: 'market.catalog.list-item-types',
      text: `SELECT t.external_id AS "externalId", t.name, t.name_en AS "nameEn", c.name AS category,
               t.craft_xp_ratio AS "craftXpRatio"
             FROM market.item_type t LEFT JOIN market.category c ON c.id = t.category_id
             WHERE t.game_id = $1 ORDER BY t.external_id`,
      values: [gameId],
    };
  }

  /** Adds a server unless it is there already. */
  async insertServer(tx: Tx, gameId: number, key: string, name: string): Promise<void> {
    await tx.query({
      name: 'market.catalog.insert-server',
      text: 'INSERT INTO market.server (game_id, key, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      values: [gameId, key, name],
    });
  }

  /** Ids of the real or the simulated sources by (name, version); unseen ones are added. */
  async ensureSources(
    tx: Tx,
    sources: readonly { name: string; version: string }[],
    isSimulated: boolean,
  ): Promise<number[]> {
    const names = sources.map((source) => source.name);
    const versions = sources.map((source) => source.version);
    await tx.query({
      name: 'market.catalog.insert-sources',
      text: `INSERT INTO market.source (name, version, is_simulated)
             SELECT name, version, $3 FROM unnest($1::text[], $2::text[]) AS t(name, version)
             ON CONFLICT DO NOTHING`,
      values: [names, versions, isSimulated],
    });
    const rows = await tx.query<{ id: number }>({
      name: 'market.catalog.list-sources',
      text: `SELECT s.id FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t(name, version, ord)
             JOIN market.source s USING (name, version) WHERE s.is_simulated = $3 ORDER BY ord`,
      values: [names, versions, isSimulated],
    });
    return rows.map((row) => row.id);
  }
}
