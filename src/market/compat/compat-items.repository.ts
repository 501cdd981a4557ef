import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { likePattern } from '../catalog/items.repository.js';
import type { RowFilter, RowOrder } from './compat-query.js';
import { WINDOW_ROWS } from './every-server.js';

/** One item on one server. */
export interface ItemOnServerRow {
  id: number;
  label: string;
  externalId: number | null;
  server: string;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  seenAtUtc: string;
  price: number;
  /** Mean of the observations of the last 30 days; the newest price where there are none. */
  averagePrice: number;
  category: string | null;
  iconId: string | null;
  isCraftable: boolean;
  usageCount: number;
}

/** The first row of a server that comes late in the order by name; see every-server.ts. */
export interface LateRow {
  serverId: number;
  itemId: number;
  serverCount: number;
}

/** Rows of one server, or of all servers of a game. */
export type Scope = { serverId: number } | { gameId: number };

const BY_NAME = 'label_fold, id, server';

/** The search text, by which `rank` goes, is `?`. */
const ORDER_BY: Record<RowOrder, string> = {
  'name-asc': BY_NAME,
  'name-desc': 'label_fold DESC, id DESC, server DESC',
  'price-asc': `price, ${BY_NAME}`,
  'price-desc': `price DESC, ${BY_NAME}`,
  rank: `label_fold <> ?, NOT starts_with(label_fold, ?), length(label_fold), ${BY_NAME}`,
};

/** Of one server, whose name orders nothing and would keep the index from being used. */
function orderOf(scope: Scope, order: RowOrder): string {
  return 'serverId' in scope ? ORDER_BY[order].replace(/, server( DESC)?$/, '') : ORDER_BY[order];
}

// That the items are of the server's game follows from their having a price there; said, it lets a page by name be read off the
// index of names instead of sorting a server for 20 rows.
const ROWS_OF_SERVER = `
  FROM market.latest l
  JOIN market.server s ON s.id = l.server_id
  JOIN market.item i ON i.id = l.item_id AND i.game_id = (SELECT g.game_id FROM market.server g WHERE g.id = $1)
  LEFT JOIN market.category c ON c.id = i.category_id
  WHERE l.server_id = $1`;

// Item by item, in the order of their index, each looked up on the servers of the game, of which there are few. OFFSET 0
// keeps the planner from turning that round: it would join all servers with all items to show 200 rows.
const ROWS_OF_GAME = `
  FROM market.item i
  CROSS JOIN LATERAL (
    SELECT l.server_id, l.item_id, l.price, l.captured_at, s.name
    FROM market.server s JOIN market.latest l ON l.server_id = s.id AND l.item_id = i.id
    WHERE s.game_id = $1 OFFSET 0) l
  CROSS JOIN LATERAL (SELECT l.name) s
  LEFT JOIN market.category c ON c.id = i.category_id
  WHERE i.game_id = $1`;

const COLUMNS = `
  l.server_id, s.name AS server, i.id, i.label, i.label_fold, i.external_id, i.icon_id, l.price, l.captured_at, c.name AS category`;

/** What is worked out for the shown rows only. OFFSET 0 keeps PostgreSQL 15 from reading all recipes for them. */
const SHOWN = `
  SELECT id, label, external_id AS "externalId", icon_id AS "iconId", server, price, category,
    to_char(captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS "seenAtUtc",
    coalesce((SELECT w.sum / w.n FROM market.window_stat w
              WHERE w.server_id = shown.server_id AND w.days = 30 AND w.item_id = shown.id), price) AS "averagePrice",
    EXISTS (SELECT FROM market.recipe r WHERE r.result_item_id = shown.id OFFSET 0) AS "isCraftable",
    (SELECT count(*) FROM market.recipe_ingredient g WHERE g.item_id = shown.id) AS "usageCount"
  FROM shown`;

interface Selection {
  /** Which conditions it has, for the name of the statement. */
  key: string;
  rows: string;
  values: unknown[];
}

/**
 * Rows of a scope that pass a filter; $1 is the server or the game. Only what filters is in the text: a condition that a NULL
 * parameter switches off would spoil the plan of every call.
 */
function select(scope: Scope, filter: RowFilter): Selection {
  const isServer = 'serverId' in scope;
  const selection: Selection = {
    key: isServer ? 'server' : 'game',
    rows: isServer ? ROWS_OF_SERVER : ROWS_OF_GAME,
    values: [isServer ? scope.serverId : scope.gameId],
  };
  const where = (name: string, condition: string, value: unknown): void => {
    selection.values.push(value);
    selection.rows += ` AND ${condition.replace('?', () => `$${selection.values.length}`)}`;
    selection.key += `-${name}`;
  };
  if (filter.search !== '') where('like', 'i.label_fold LIKE ?', likePattern(filter.search));
  if (filter.category !== null) where('kind', 'c.name = ?', filter.category);
  if (filter.minPrice !== null) where('min', 'l.price >= ?', filter.minPrice);
  if (filter.maxPrice !== null) where('max', 'l.price <= ?', filter.maxPrice);
  if (filter.labels !== null) where('names', 'i.label = ANY (?::text[])', filter.labels);
  return selection;
}

/** Reads of `latest` for the compat mount; the average of the shown rows comes from the rollups. */
@Injectable()
export class CompatItemsRepository {
  pageStatement(
    scope: Scope,
    filter: RowFilter,
    order: RowOrder,
    page: { limit: number; offset: number },
  ): Statement {
    const { key, rows, values } = select(scope, filter);
    values.push(page.limit, page.offset);
    const span = `LIMIT $${values.length - 1} OFFSET $${values.length}`;
    if (order === 'rank') values.push(filter.search);
    const by = orderOf(scope, order).replaceAll('?', () => `$${values.length}::text`);
    return {
      name: `market.compat.list-${order}-${key}`,
      text: `WITH shown AS MATERIALIZED (SELECT ${COLUMNS} ${rows} ORDER BY ${by} ${span}) ${SHOWN} ORDER BY ${by}`,
      values,
    };
  }

  countStatement(serverId: number, filter: RowFilter): Statement {
    const { key, rows, values } = select({ serverId }, filter);
    return { name: `market.compat.count-${key}`, text: `SELECT count(*) ${rows}`, values };
  }

  /**
   * Every item that has a price on the server; nothing has to be looked up for it. But the rows that batches keep writing are visited
   * one by one, so whoever knows the count of a version of the server's prices gets null while it is the same.
   */
  countAllStatement(serverId: number, knownVersion: number | null): Statement {
    return {
      name: 'market.compat.count-all',
      text: `SELECT v.version, CASE WHEN v.version IS DISTINCT FROM $2::bigint
                 THEN (SELECT count(*) FROM market.latest WHERE server_id = $1) END AS count
             FROM (SELECT coalesce((SELECT version FROM market.server_version WHERE server_id = $1), 0) AS version) v`,
      values: [serverId, knownVersion],
    };
  }

  /** First rows of the servers that are absent before the end of the window in the order by name. */
  lateStatement(gameId: number): Statement {
    return {
      name: 'market.compat.list-late-servers',
      text: `WITH present AS MATERIALIZED (
               SELECT s.id FROM market.server s
               WHERE s.game_id = $1 AND EXISTS (SELECT FROM market.latest l WHERE l.server_id = s.id)
             ), head AS MATERIALIZED (
               SELECT l.server_id, i.label_fold, i.id, s.name AS server ${ROWS_OF_GAME}
               ORDER BY ${BY_NAME} LIMIT ${WINDOW_ROWS}
             ), early AS (
               SELECT server_id, row_number() OVER (ORDER BY ${BY_NAME}) AS position FROM head
             )
             SELECT present.id AS "serverId", first.id AS "itemId", (SELECT count(*) FROM present) AS "serverCount"
             FROM present CROSS JOIN LATERAL (
               SELECT i.id, i.label_fold
               FROM (SELECT item_id FROM market.latest WHERE server_id = present.id OFFSET 0) l
               JOIN market.item i ON i.id = l.item_id ORDER BY i.label_fold, i.id LIMIT 1) first
             WHERE present.id NOT IN (
               SELECT server_id FROM early WHERE position <= ${WINDOW_ROWS} - (SELECT count(*) FROM present))
             ORDER BY first.label_fold, first.id, present.id`,
      values: [gameId],
    };
  }

  /** The unfiltered order by name: a span of it without the late rows, and some of those. */
  pageWithLateStatement(
    gameId: number,
    late: readonly LateRow[],
    added: readonly LateRow[],
    page: { limit: number; offset: number },
  ): Statement {
    const pairs = (rows: readonly LateRow[]) => [
      rows.map((row) => row.serverId),
      rows.map((row) => row.itemId),
    ];
    const among = (servers: string, items: string): string =>
      `(l.server_id, l.item_id) IN (SELECT * FROM unnest(${servers}::int[], ${items}::int[]))`;
    return {
      name: 'market.compat.list-game-with-late',
      text: `WITH shown AS MATERIALIZED (
               (SELECT ${COLUMNS} ${ROWS_OF_GAME} AND NOT ${among('$2', '$3')}
                ORDER BY ${BY_NAME} LIMIT $6 OFFSET $7)
               UNION ALL
               SELECT ${COLUMNS} ${ROWS_OF_GAME} AND ${among('$4', '$5')}
             ) ${SHOWN} ORDER BY ${BY_NAME}`,
      values: [gameId, ...pairs(late), ...pairs(added), page.limit, page.offset],
    };
  }

  /** Names of the servers that have prices. */
  seenServersStatement(gameId: number): Statement {
    return {
      name: 'market.compat.list-seen-servers',
      text: `SELECT s.name FROM market.server s
             WHERE s.game_id = $1 AND EXISTS (SELECT FROM market.latest l WHERE l.server_id = s.id) ORDER BY s.name`,
      values: [gameId],
    };
  }

  /** Which of the game's ids belong to an item with an icon. */
  withIconStatement(gameId: number, externalIds: readonly number[]): Statement {
    return {
      name: 'market.compat.list-with-icon',
      text: `SELECT external_id AS "externalId" FROM market.item
             WHERE game_id = $1 AND external_id = ANY ($2::int[]) AND icon_id IS NOT NULL`,
      values: [gameId, externalIds],
    };
  }
}
