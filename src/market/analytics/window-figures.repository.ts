import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { int4Array, readInt4Array } from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { columnsOf, type FigureTable, replaceSeries } from './figure-table.js';
import { FIGURES, type SeriesFigure } from './series-figure.js';
import type { UtcDay } from './utc-day.js';

/** The figures of one series over one standard window. */
export interface KeptFigure extends SeriesFigure {
  itemId: number;
  windowDays: number;
}

/** Series to be looked at once more, each once and ascending. */
export interface StaleSeries {
  /** The day for which their windows stand. */
  asOf: UtcDay;
  itemIds: Int32Array;
  /** Days that have changed, ascending: days since 1970-01-01. */
  days: Int32Array;
}

const BYTES = FIGURES.length * Float64Array.BYTES_PER_ELEMENT;

const WRITE = {
  name: 'market.window-figures.write',
  text: `
    WITH given AS MATERIALIZED (
      SELECT item_id, days, substr($5::bytea, 1 + ${BYTES} * (place - 1)::int, ${BYTES}) AS figures
      FROM unnest($3::int4[], $4::int4[]) WITH ORDINALITY AS g (item_id, days, place)
    ),
    gone AS (
      DELETE FROM market.window_figure f
      WHERE f.server_id = $1 AND f.days = ANY ('{7,30,90,365}'::smallint[]) AND f.item_id = ANY ($2::int4[])
        AND NOT EXISTS (SELECT FROM given g WHERE g.item_id = f.item_id AND g.days = f.days)
    )
    INSERT INTO market.window_figure (server_id, days, item_id, figures)
    SELECT $1, g.days, g.item_id, g.figures FROM given g
    WHERE EXISTS (SELECT FROM market.item i WHERE i.id = g.item_id OFFSET 0)
    ON CONFLICT (server_id, days, item_id) DO UPDATE SET figures = excluded.figures`,
};

/** A standard window of a server, and the version of the figures that it shows. */
export interface KeptTable {
  version: number;
  columns: FigureTable;
}

interface TableRow {
  version: number;
  itemIds: Buffer;
  categoryIds: Buffer;
  figures: Buffer;
}

interface ChangesRow extends TableRow {
  changeCount: number;
  changedIds: Buffer;
}

/** Series that one version is remembered to have changed: where it was more, a whole table is as quickly read. */
const MOST_CHANGED = 2_000;
/** Versions that are remembered. */
const CHANGES_KEPT = 64;

const VERSION = 'coalesce((SELECT version FROM market.figure_version WHERE server_id = $1), 0) AS version';
const PACKED = `array_send(coalesce(array_agg(item_id), '{}')) AS "itemIds",
  array_send(coalesce(array_agg(category_id), '{}')) AS "categoryIds", coalesce(string_agg(figures, ''), '') AS figures`;
const WITH_CATEGORY = `SELECT w.item_id, coalesce(i.category_id, 0) AS category_id, w.figures
  FROM market.window_figure w JOIN market.item i ON i.id = w.item_id WHERE w.server_id = $1 AND w.days = $2`;

/** Most stale series taken at once; some of them are the same. */
const MAX_TAKEN = 8_000;

@Injectable()
export class WindowFiguresRepository {
  /** @returns false when somebody else works on the server's figures */
  async tryLock(tx: Tx, serverId: number): Promise<boolean> {
    const [row] = await tx.query<{ isMine: boolean }>({
      name: 'market.window-figures.try-lock',
      text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS "isMine"',
      values: [ADVISORY_LOCK.marketFigures, serverId],
    });
    return row!.isMine;
  }

  /**
   * Takes stale series away, oldest first.
   * @returns null when there are none
   */
  async takeStale(tx: Tx, serverId: number): Promise<StaleSeries | null> {
    const [row] = await tx.query<{ asOf: UtcDay | null; itemIds: Buffer; days: Buffer }>({
      name: 'market.window-figures.take-stale',
      text: `WITH portion AS (
               SELECT id FROM (
                 SELECT id, cardinality(item_ids) AS size, sum(cardinality(item_ids)) OVER (ORDER BY id) AS total
                 FROM market.stale_series WHERE server_id = $1) s
               WHERE total <= ${MAX_TAKEN} OR total = size
             ),
             taken AS (
               DELETE FROM market.stale_series s WHERE s.id IN (SELECT id FROM portion) RETURNING s.item_ids, s.days
             )
             SELECT (SELECT as_of::text FROM market.rollup_version WHERE server_id = $1) AS "asOf",
               array_send(array_agg(item_id)) AS "itemIds",
               (SELECT array_send(coalesce(array_agg(DISTINCT d - date '1970-01-01'), '{}'))
                FROM taken t, unnest(t.days) AS d) AS days
             FROM (SELECT DISTINCT unnest(item_ids) AS item_id FROM taken ORDER BY 1) t HAVING count(*) > 0`,
      values: [serverId],
    });
    if (!row || row.asOf === null) return null;
    return { asOf: row.asOf, itemIds: readInt4Array(row.itemIds), days: readInt4Array(row.days) };
  }

  /** @param itemIds everything that is known of them is given; rows of windows in which they were not seen go */
  async write(tx: Tx, serverId: number, itemIds: Int32Array, figures: readonly KeptFigure[]): Promise<void> {
    const packed = Buffer.allocUnsafe(figures.length * BYTES);
    let offset = 0;
    for (const figure of figures)
      for (const name of FIGURES) offset = packed.writeDoubleLE(figure[name], offset);
    const integers = (key: 'itemId' | 'windowDays'): Buffer =>
      int4Array(Int32Array.from(figures, (figure) => figure[key]));
    await tx.query({
      ...WRITE,
      values: [serverId, int4Array(itemIds), integers('itemId'), integers('windowDays'), packed],
    });
  }

  /**
   * Figures for `asOf` have been written. All of the server's stand for the day of the rollups when nothing is stale; a roll-over
   * makes everything stale, so until then they stand for two days, and for none.
   * @param itemIds series whose figures were written: what readers of the version before have to read
   * @returns whether nothing is stale
   */
  async bumpVersion(tx: Tx, serverId: number, asOf: UtcDay, itemIds: Int32Array): Promise<boolean> {
    const [row] = await tx.query<{ isDone: boolean }>({
      name: 'market.window-figures.bump-version',
      text: `WITH rest AS (SELECT NOT EXISTS (SELECT FROM market.stale_series WHERE server_id = $1) AS is_done),
             bumped AS (
               INSERT INTO market.figure_version AS v (server_id, as_of)
               SELECT $1, CASE WHEN is_done THEN (SELECT as_of FROM market.rollup_version WHERE server_id = $1) END FROM rest
               ON CONFLICT (server_id) DO UPDATE
                 SET version = v.version + 1, refreshed_at = clock_timestamp(),
                   as_of = coalesce(excluded.as_of, CASE WHEN v.as_of = $2::date THEN v.as_of END)
               RETURNING version
             ),
             remembered AS (
               INSERT INTO market.figure_change (server_id, version, item_ids)
               SELECT $1, version, $3::int4[] FROM bumped WHERE cardinality($3::int4[]) <= ${MOST_CHANGED}
             ),
             forgotten AS (
               DELETE FROM market.figure_change
               WHERE server_id = $1 AND version <= (SELECT version FROM bumped) - ${CHANGES_KEPT}
             )
             SELECT is_done AS "isDone" FROM rest`,
      values: [serverId, asOf, int4Array(itemIds)],
    });
    return row!.isDone;
  }

  async listStaleServers(tx: Tx): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.window-figures.list-stale-servers',
      text: `SELECT s.id FROM market.server s
             WHERE EXISTS (SELECT FROM market.stale_series t WHERE t.server_id = s.id) ORDER BY s.id`,
      values: [],
    });
    return rows.map(({ id }) => id);
  }

  /** A standard window of a server as columns. */
  async readTable(tx: Tx, serverId: number, windowDays: number): Promise<KeptTable> {
    const [row] = await tx.query<TableRow>(this.tableStatement(serverId, windowDays));
    return { version: row!.version, columns: columnsIn(row!) };
  }

  /**
   * The same made of what it was: only the series that have changed since are read.
   * @returns null where that is not known: a version was forgotten, changed too much, or came of a change to the catalogue
   */
  async renewTable(
    tx: Tx,
    serverId: number,
    windowDays: number,
    before: KeptTable,
  ): Promise<KeptTable | null> {
    const [row] = await tx.query<ChangesRow>(this.changesStatement(serverId, windowDays, before.version));
    const { version, changeCount, changedIds } = row!;
    if (changeCount !== version - before.version) return null;
    return { version, columns: replaceSeries(before.columns, readInt4Array(changedIds), columnsIn(row!)) };
  }

  /** Of those servers that have figures. */
  versionsStatement(serverIds: readonly number[]): Statement {
    return {
      name: 'market.window-figures.list-versions',
      text: 'SELECT server_id AS "serverId", version FROM market.figure_version WHERE server_id = ANY ($1::int[])',
      values: [serverIds],
    };
  }

  tableStatement(serverId: number, windowDays: number): Statement {
    return {
      name: 'market.window-figures.get-table',
      text: `SELECT ${VERSION}, ${PACKED}
             FROM (${WITH_CATEGORY} ORDER BY w.item_id) f`,
      values: [serverId, windowDays],
    };
  }

  /** One snapshot of the version, the changes up to it and what they led to. OFFSET 0: a lookup in the primary key per series. */
  changesStatement(serverId: number, windowDays: number, version: number): Statement {
    return {
      name: 'market.window-figures.get-changes',
      text: `WITH change AS MATERIALIZED (
               SELECT item_ids FROM market.figure_change WHERE server_id = $1 AND version > $3
             ),
             item AS MATERIALIZED (SELECT DISTINCT unnest(item_ids) AS id FROM change)
             SELECT ${VERSION}, (SELECT count(*) FROM change)::int AS "changeCount",
               (SELECT array_send(coalesce(array_agg(id), '{}')) FROM item) AS "changedIds", ${PACKED}
             FROM (SELECT f.* FROM item CROSS JOIN LATERAL (${WITH_CATEGORY} AND w.item_id = item.id OFFSET 0) f
                   ORDER BY f.item_id) f`,
      values: [serverId, windowDays, version],
    };
  }
}

function columnsIn({ itemIds: ids, categoryIds, figures }: TableRow): FigureTable {
  const itemIds = readInt4Array(ids);
  const view = new DataView(figures.buffer, figures.byteOffset, figures.byteLength);
  const column = (_name: string, figure: number): Float64Array => {
    const values = new Float64Array(itemIds.length);
    for (let place = 0; place < values.length; place += 1)
      values[place] = view.getFloat64(place * BYTES + figure * Float64Array.BYTES_PER_ELEMENT, true);
    return values;
  };
  return { itemIds, categoryIds: readInt4Array(categoryIds), figures: columnsOf(column) };
}
