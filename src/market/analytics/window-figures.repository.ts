import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import {
  float8Array,
  int4Array,
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
  timestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { FigureTable } from './figure-table.js';
import { FIGURES, type FigureName, type SeriesFigure } from './series-figure.js';
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

type Kind = 'instant' | 'integer' | 'double';

/** Column and type of a figure where they do not follow from its name. */
const COLUMNS: Partial<Record<FigureName, [column: string, kind: Kind]>> = {
  n: ['n', 'integer'],
  days: ['day_count', 'integer'],
  firstAtMs: ['first_at', 'instant'],
  lastAtMs: ['last_at', 'instant'],
  classicTrend: ['classic_trend', 'integer'],
  classicRunDays: ['classic_run_days', 'integer'],
  robustTrend: ['robust_trend', 'integer'],
  robustRunDays: ['robust_run_days', 'integer'],
};

function columnOf(name: FigureName): [column: string, kind: Kind] {
  return COLUMNS[name] ?? [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), 'double'];
}

const NAMES = FIGURES.map((name) => columnOf(name)[0]);
const ARRAYS = FIGURES.map((name, place) =>
  columnOf(name)[1] === 'instant' ? `$${place + 5}::timestamptz[]` : `$${place + 5}::float8[]`,
);
/** NaN stands for what cannot be said. */
const VALUES = FIGURES.map((name, place) =>
  columnOf(name)[1] === 'instant' ? NAMES[place] : `nullif(${NAMES[place]}, 'NaN')`,
);

const WRITE = {
  name: 'market.window-figures.write',
  text: `
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest($3::int4[], $4::int4[], ${ARRAYS.join()}) AS g (item_id, days, ${NAMES.join()})
    ),
    gone AS (
      DELETE FROM market.window_figure f
      WHERE f.server_id = $1 AND f.days = ANY ('{7,30,90,365}'::smallint[]) AND f.item_id = ANY ($2::int4[])
        AND NOT EXISTS (SELECT FROM given g WHERE g.item_id = f.item_id AND g.days = f.days)
    )
    INSERT INTO market.window_figure (server_id, days, item_id, ${NAMES.join()})
    SELECT $1, g.days, g.item_id, ${VALUES.join()} FROM given g
    WHERE EXISTS (SELECT FROM market.item i WHERE i.id = g.item_id OFFSET 0)
    ON CONFLICT (server_id, days, item_id) DO UPDATE
      SET ${NAMES.map((name) => `${name} = excluded.${name}`).join()}`,
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
    const columns = FIGURES.map((name) => {
      const values = Float64Array.from(figures, (figure) => figure[name]);
      return columnOf(name)[1] === 'instant' ? timestamptzArray(values) : float8Array(values);
    });
    const integers = (key: 'itemId' | 'windowDays'): Buffer =>
      int4Array(Int32Array.from(figures, (figure) => figure[key]));
    await tx.query({
      ...WRITE,
      values: [serverId, int4Array(itemIds), integers('itemId'), integers('windowDays'), ...columns],
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
  async readTable<Name extends FigureName>(
    tx: Tx,
    serverId: number,
    windowDays: number,
    names: readonly Name[],
  ): Promise<Omit<FigureTable<Name>, 'categoryIds'>> {
    const [row] = await tx.query<Record<'itemIds' | Name, Buffer>>(
      this.tableStatement(serverId, windowDays, names),
    );
    const read = (name: Name): Float64Array =>
      columnOf(name)[1] === 'instant' ? readTimestamptzArray(row![name]) : readFloat8Array(row![name]);
    return {
      itemIds: readInt4Array(row!.itemIds),
      figures: Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, Float64Array>,
    };
  }

  tableStatement(serverId: number, windowDays: number, names: readonly FigureName[]): Statement {
    const selected = names.map((name) => {
      const [column, kind] = columnOf(name);
      const type = kind === 'instant' ? 'timestamptz' : 'float8';
      return `array_send(coalesce(array_agg(f.${column}::${type}), '{}')) AS "${name}"`;
    });
    return {
      name: `market.window-figures.table-${names.map((name) => FIGURES.indexOf(name).toString(36)).join('')}`,
      text: `SELECT array_send(coalesce(array_agg(f.item_id), '{}')) AS "itemIds",
               ${selected.join()}
             FROM (SELECT * FROM market.window_figure WHERE server_id = $1 AND days = $2 ORDER BY item_id) f`,
      values: [serverId, windowDays],
    };
  }
}
