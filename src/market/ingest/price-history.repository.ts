import { Injectable } from '@nestjs/common';
import {
  float8Array,
  int4Array,
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
  timestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { claimKey, type Found, type Span } from './late-windows.js';
import { type Point, type PointSource, sourceKey, type Standing } from './point.js';

// Points that are withheld, and histories that are judged anew: a few statements for any number of items. Only in the server's lane.

const ROW = { before: 0, kept: 1, withheld: 2, decided: 3 } as const;

const IN_SPAN = (table: string): string => `
  ${table}.server_id = $1 AND ${table}.item_id = s.item_id AND ${table}.captured_at >= s.from_at AND ${table}.captured_at < s.until_at`;

/** OFFSET 0 keeps it at one lookup per span and table: they are not turned into a join of whole tables. */
const LIST_STORED = `
  WITH found AS MATERIALIZED (
    SELECT s.place, r.* FROM unnest($2::int4[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS s (item_id, from_at, until_at, place)
    CROSS JOIN LATERAL (
      (SELECT ${ROW.before} AS kind, o.captured_at, o.price, o.source_id, o.lots FROM market.observation o
       WHERE o.server_id = $1 AND o.item_id = s.item_id AND o.captured_at > s.from_at - interval '15 minutes'
         AND o.captured_at < s.from_at
       ORDER BY o.captured_at DESC, o.price DESC LIMIT 1)
      UNION ALL
      SELECT ${ROW.kept}, o.captured_at, o.price, o.source_id, o.lots FROM market.observation o WHERE ${IN_SPAN('o')}
      UNION ALL
      SELECT ${ROW.withheld}, w.captured_at, w.price, w.source_id, w.lots FROM market.withheld_observation w WHERE ${IN_SPAN('w')}
      UNION ALL
      SELECT ${ROW.decided}, d.captured_at, 0, d.source_id, 0 FROM market.decided_observation d WHERE ${IN_SPAN('d')}
      OFFSET 0
    ) r
  )
  SELECT array_send(array_agg(place::int4)) AS places, array_send(array_agg(kind)) AS kinds, array_send(array_agg(captured_at)) AS "capturedAt",
    array_send(array_agg(price)) AS prices, array_send(array_agg(source_id)) AS "sourceIds", array_send(array_agg(lots)) AS lots,
    (SELECT jsonb_agg(jsonb_build_array(c.id, c.name, c.version, c.is_simulated)) FROM (SELECT DISTINCT source_id FROM found) f
     CROSS JOIN LATERAL (SELECT * FROM market.source c WHERE c.id = f.source_id OFFSET 0) c) AS sources
  FROM found`;

/**
 * A limit that the planner cannot foresee makes it expect few rows, and look each up by its key, whatever statistics say. Where there are
 * so many that it reads on, it reads the months between the first and the last of them.
 */
const DELETE_MOVED = `
  WITH removed AS (
    DELETE FROM market.observation o
    USING (SELECT * FROM unnest($2::int4[], $3::timestamptz[], $4::int4[]) AS r (item_id, captured_at, source_id)
           LIMIT (SELECT cardinality($2::int4[]))) r
    WHERE o.server_id = $1 AND o.item_id = r.item_id AND o.captured_at = r.captured_at AND o.source_id = r.source_id
      AND o.captured_at BETWEEN ($10::timestamptz[])[1] AND ($10::timestamptz[])[2]
  )
  DELETE FROM market.withheld_observation w
  USING (SELECT * FROM unnest($5::int4[], $6::timestamptz[], $7::int4[], $8::float8[], $9::int4[])
           AS r (item_id, captured_at, source_id, price, lots) LIMIT (SELECT cardinality($5::int4[]))) r
  WHERE w.server_id = $1 AND w.item_id = r.item_id AND w.captured_at = r.captured_at AND w.source_id = r.source_id
    AND w.price = r.price AND w.lots = r.lots AND w.captured_at BETWEEN ($11::timestamptz[])[1] AND ($11::timestamptz[])[2]`;

const INSERT_WITHHELD = `
  WITH stored AS (
    INSERT INTO market.withheld_observation (server_id, item_id, captured_at, source_id, price, lots)
    SELECT $1, r.* FROM unnest($2::int4[], $3::timestamptz[], $4::int4[], $5::float8[], $6::int4[])
      AS r (item_id, captured_at, source_id, price, lots)
    RETURNING item_id, captured_at
  )
  UPDATE market.latest l SET withheld_until = r.until
  FROM (SELECT item_id, max(captured_at) AS until FROM stored GROUP BY item_id) r
  WHERE l.server_id = $1 AND l.item_id = r.item_id AND r.until > greatest(l.captured_at, l.withheld_until)`;

/** What was withheld last counts with what a curator has decided: a client may send that again. */
const DERIVE_LATEST = `
  WITH newest AS MATERIALIZED (
    SELECT i.item_id, o.price, o.captured_at, o.lots, o.source_id, o.id, o.until FROM unnest($2::int4[]) AS i (item_id)
    CROSS JOIN LATERAL (
      SELECT o.*, (SELECT max(x.captured_at) FROM (
          SELECT max(w.captured_at) AS captured_at FROM market.withheld_observation w
          WHERE w.server_id = $1 AND w.item_id = i.item_id AND w.captured_at > o.captured_at
          UNION ALL
          SELECT max(d.captured_at) FROM market.decided_observation d
          WHERE d.server_id = $1 AND d.item_id = i.item_id AND d.captured_at > o.captured_at) x) AS until
      FROM (SELECT o.price, o.captured_at, o.lots, o.source_id, o.id FROM market.observation o
            WHERE o.server_id = $1 AND o.item_id = i.item_id ORDER BY o.captured_at DESC, o.price DESC LIMIT 1) o
    ) o
  ), gone AS (
    DELETE FROM market.latest l WHERE l.server_id = $1 AND l.item_id = ANY ($2::int4[])
      AND NOT EXISTS (SELECT FROM newest n WHERE n.item_id = l.item_id)
  )
  INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id, withheld_until)
  SELECT $1, item_id, price, captured_at, lots, source_id, id, until FROM newest
  ON CONFLICT (server_id, item_id) DO UPDATE
    SET price = excluded.price, captured_at = excluded.captured_at, lots = excluded.lots, source_id = excluded.source_id,
        observation_id = excluded.observation_id, withheld_until = excluded.withheld_until`;

const itemIdsOf = (points: readonly Point[]): Buffer => int4Array(Int32Array.from(points, (p) => p.itemId));
const instantsOf = (points: readonly Point[]): Buffer =>
  timestamptzArray(Float64Array.from(points, (p) => p.capturedAtMs));
const sourceIdsOf = (points: readonly Point[]): Buffer =>
  int4Array(Int32Array.from(points, (p) => p.source.id));
/** The first and the last instant. */
const reachOf = (points: readonly Point[]): Buffer => {
  let [first, last] = [Infinity, -Infinity];
  for (const { capturedAtMs } of points)
    [first, last] = [Math.min(first, capturedAtMs), Math.max(last, capturedAtMs)];
  return timestamptzArray(Float64Array.from(points.length > 0 ? [first, last] : []));
};
/** Everything that a withheld row says. */
const columnsOf = (points: readonly Point[]): Buffer[] => [
  itemIdsOf(points),
  instantsOf(points),
  sourceIdsOf(points),
  float8Array(Float64Array.from(points, (p) => p.price)),
  int4Array(Int32Array.from(points, (p) => p.lots)),
];

interface StoredColumns {
  places: Buffer | null;
  kinds: Buffer;
  capturedAt: Buffer;
  prices: Buffer;
  sourceIds: Buffer;
  lots: Buffer;
  sources: [id: number, name: string, version: string, isSimulated: boolean][];
}

@Injectable()
export class PriceHistoryRepository {
  /** What is stored in each of the spans. */
  async listStored(tx: Tx, serverId: number, spans: readonly Span[]): Promise<Found[]> {
    const [row] = await tx.query<StoredColumns>({
      name: 'market.history.list-stored',
      text: LIST_STORED,
      values: [
        serverId,
        int4Array(Int32Array.from(spans, ({ itemId }) => itemId)),
        timestamptzArray(Float64Array.from(spans, ({ fromMs }) => fromMs)),
        timestamptzArray(Float64Array.from(spans, ({ untilMs }) => untilMs)),
      ],
    });
    return row?.places ? readFound(row, spans) : spans.map(() => NOTHING);
  }

  /** @param removed from the history @param released of those that are withheld */
  async deleteMoved(
    tx: Tx,
    serverId: number,
    removed: readonly Point[],
    released: readonly Point[],
  ): Promise<void> {
    await tx.query({
      name: 'market.history.delete-moved',
      text: DELETE_MOVED,
      values: [
        serverId,
        itemIdsOf(removed),
        instantsOf(removed),
        sourceIdsOf(removed),
        ...columnsOf(released),
        reachOf(removed),
        reachOf(released),
      ],
    });
  }

  /** Months are taken away from the history first and from what is withheld then; whoever writes the latter alone keeps to that order. */
  async lockMonths(tx: Tx): Promise<void> {
    await tx.query({
      name: 'market.history.lock-months',
      text: 'LOCK TABLE ONLY market.observation IN ROW EXCLUSIVE MODE',
      values: [],
    });
  }

  async insertWithheld(tx: Tx, serverId: number, points: readonly Point[]): Promise<void> {
    await tx.query({
      name: 'market.history.insert-withheld',
      text: INSERT_WITHHELD,
      values: [serverId, ...columnsOf(points)],
    });
  }

  /** Takes the newest raw row that each of the items has now, or nothing. */
  async deriveLatest(tx: Tx, serverId: number, itemIds: readonly number[]): Promise<void> {
    await tx.query({
      name: 'market.history.derive-latest',
      text: DERIVE_LATEST,
      values: [serverId, int4Array(Int32Array.from(itemIds))],
    });
  }

  /** Per item the last instant, in Unix milliseconds, about which a curator has decided; few items have one. */
  async listDecidedUntil(tx: Tx, serverId: number, itemIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await tx.query<{ itemId: number; untilMs: number }>({
      name: 'market.history.list-decided-until',
      text: `SELECT item_id AS "itemId", (extract(epoch FROM max(captured_at)) * 1000)::float8 AS "untilMs"
             FROM market.decided_observation WHERE server_id = $1 AND item_id = ANY ($2::int4[]) GROUP BY item_id`,
      values: [serverId, int4Array(Int32Array.from(itemIds))],
    });
    return new Map(rows.map(({ itemId, untilMs }) => [itemId, untilMs]));
  }
}

const NOTHING: Found = { points: [], before: undefined, decided: new Set() };

function readFound(row: StoredColumns, spans: readonly Span[]): Found[] {
  const sources = new Map<number, PointSource>(
    row.sources.map(([id, ...source]) => [id, { id, key: sourceKey(...source) }]),
  );
  const kinds = readInt4Array(row.kinds);
  const capturedAtMs = readTimestamptzArray(row.capturedAt);
  const prices = readFloat8Array(row.prices);
  const sourceIds = readInt4Array(row.sourceIds);
  const lots = readInt4Array(row.lots);
  const found = spans.map(() => ({
    points: [] as Point[],
    before: undefined as Found['before'],
    decided: new Set<string>(),
  }));
  const add = (k: number, place: number, standing: Standing): void => {
    found[place]!.points.push({
      itemId: spans[place]!.itemId,
      capturedAtMs: capturedAtMs[k]!,
      price: prices[k]!,
      source: sources.get(sourceIds[k]!)!,
      lots: lots[k]!,
      standing,
      origin: -1,
    });
  };
  readInt4Array(row.places!).forEach((ordinal, k) => {
    const place = ordinal - 1;
    if (kinds[k] === ROW.before) found[place]!.before = { price: prices[k]!, capturedAtMs: capturedAtMs[k]! };
    else if (kinds[k] === ROW.decided) found[place]!.decided.add(claimKey(capturedAtMs[k]!, sourceIds[k]!));
    else add(k, place, kinds[k] === ROW.kept ? 'kept' : 'withheld');
  });
  return found;
}
