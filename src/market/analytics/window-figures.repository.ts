import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { int4Array, readInt4Array } from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { FigureTable } from './figure-table.js';
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
   * @returns whether nothing is stale
   */
  async bumpVersion(tx: Tx, serverId: number, asOf: UtcDay): Promise<boolean> {
    const [row] = await tx.query<{ isDone: boolean }>({
      name: 'market.window-figures.bump-version',
      text: `WITH rest AS (SELECT NOT EXISTS (SELECT FROM market.stale_series WHERE server_id = $1) AS is_done)
             INSERT INTO market.figure_version AS v (server_id, as_of)
             SELECT $1, CASE WHEN is_done THEN (SELECT as_of FROM market.rollup_version WHERE server_id = $1) END FROM rest
             ON CONFLICT (server_id) DO UPDATE
               SET version = v.version + 1, refreshed_at = clock_timestamp(),
                 as_of = coalesce(excluded.as_of, CASE WHEN v.as_of = $2::date THEN v.as_of END)
             RETURNING (SELECT is_done FROM rest) AS "isDone"`,
      values: [serverId, asOf],
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
  async readTable(tx: Tx, serverId: number, windowDays: number): Promise<Omit<FigureTable, 'categoryIds'>> {
    const [row] = await tx.query<{ itemIds: Buffer; figures: Buffer }>(
      this.tableStatement(serverId, windowDays),
    );
    const itemIds = readInt4Array(row!.itemIds);
    const { buffer, byteOffset, byteLength } = row!.figures;
    const view = new DataView(buffer, byteOffset, byteLength);
    const column = (figure: number): Float64Array => {
      const values = new Float64Array(itemIds.length);
      for (let place = 0; place < values.length; place += 1)
        values[place] = view.getFloat64(place * BYTES + figure * Float64Array.BYTES_PER_ELEMENT, true);
      return values;
    };
    const figures = Object.fromEntries(FIGURES.map((name, place) => [name, column(place)]));
    return { itemIds, figures: figures as FigureTable['figures'] };
  }

  tableStatement(serverId: number, windowDays: number): Statement {
    return {
      name: 'market.window-figures.get-table',
      text: `SELECT array_send(coalesce(array_agg(item_id), '{}')) AS "itemIds", coalesce(string_agg(figures, ''), '') AS figures
             FROM (SELECT item_id, figures FROM market.window_figure WHERE server_id = $1 AND days = $2 ORDER BY item_id) f`,
      values: [serverId, windowDays],
    };
  }
}
