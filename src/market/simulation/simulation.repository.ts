import { Injectable } from '@nestjs/common';
import { float8Array, int4Array, timestamptzArray } from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { PriceChunk } from './price-world.js';

/** What a demo world is begun with; `endAt` to the millisecond. */
export interface DemoFillRow {
  seed: number;
  endAt: Date;
}

@Injectable()
export class SimulationRepository {
  /** Notes that a game is filled from now on, unless that is noted already or there are prices. */
  async insertDemoFill(tx: Tx, gameId: number, fill: DemoFillRow): Promise<void> {
    await tx.query({
      name: 'market.simulation.insert-demo-fill',
      text: `INSERT INTO market.demo_fill AS f (game_id, seed, end_at)
             SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM market.latest)
             ON CONFLICT (game_id) DO UPDATE SET seed = excluded.seed, end_at = excluded.end_at, finished_at = NULL
               WHERE f.finished_at IS NOT NULL`,
      values: [gameId, fill.seed, fill.endAt],
    });
  }

  /** The filling that has not come to its end, or undefined. */
  async findUnfinishedDemoFill(tx: Tx, gameId: number): Promise<DemoFillRow | undefined> {
    const [row] = await tx.query<DemoFillRow>({
      name: 'market.simulation.find-unfinished-demo-fill',
      text: `SELECT seed, end_at AS "endAt" FROM market.demo_fill WHERE game_id = $1 AND finished_at IS NULL`,
      values: [gameId],
    });
    return row;
  }

  async updateDemoFillFinished(tx: Tx, gameId: number): Promise<void> {
    await tx.query({
      name: 'market.simulation.update-demo-fill-finished',
      text: 'UPDATE market.demo_fill SET finished_at = now() WHERE game_id = $1',
      values: [gameId],
    });
  }

  /** Servers of a game and its best known items, craftable ones first: a demo should show names and recipes. */
  async listWorld(tx: Tx, gameId: number, itemCount: number, serverCount: number) {
    const servers = await tx.query<{ id: number; name: string }>({
      name: 'market.simulation.list-servers',
      text: 'SELECT id, name FROM market.server WHERE game_id = $1 ORDER BY name LIMIT $2',
      values: [gameId, serverCount],
    });
    const items = await tx.query<{ id: number; level: number | null }>({
      name: 'market.simulation.list-items',
      text: `SELECT i.id, i.level FROM market.item i
             LEFT JOIN LATERAL (SELECT count(*) AS uses FROM market.recipe_ingredient g WHERE g.item_id = i.id) u ON true
             WHERE i.game_id = $1 ORDER BY i.name IS NULL, u.uses DESC, i.id LIMIT $2`,
      values: [gameId, itemCount],
    });
    return { servers, items };
  }

  /** Adds raw rows of a simulated history. A row that is there already stays as it is. */
  async insertChunk(tx: Tx, chunk: PriceChunk, sourceId: number): Promise<void> {
    await tx.query({
      name: 'market.simulation.insert-chunk',
      text: `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
             SELECT captured_at, price, item_id, $5, lots, $6
             FROM unnest($1::int4[], $2::float8[], $3::timestamptz[], $4::int4[]) AS t(item_id, price, captured_at, lots)
             ON CONFLICT DO NOTHING`,
      values: [
        int4Array(chunk.itemIds),
        float8Array(chunk.prices),
        timestamptzArray(chunk.capturedAtMs),
        int4Array(Int32Array.from(chunk.lots)),
        sourceId,
        chunk.serverId,
      ],
    });
  }

  /** Moves `latest` to the newest point of a chunk where that is newer, and bumps the server's version. */
  async moveLatest(tx: Tx, chunk: PriceChunk, sourceId: number): Promise<void> {
    await tx.query({
      name: 'market.simulation.move-latest',
      text: `WITH newest AS (
               SELECT DISTINCT ON (o.item_id) o.* FROM unnest($1::int4[], $2::timestamptz[]) AS t(item_id, captured_at)
               JOIN market.observation o
                 ON o.server_id = $3 AND o.item_id = t.item_id AND o.captured_at = t.captured_at AND o.source_id = $4
               ORDER BY o.item_id, o.captured_at DESC
             ), moved AS (
               INSERT INTO market.latest AS l (server_id, item_id, price, captured_at, lots, source_id, observation_id)
               SELECT server_id, item_id, price, captured_at, lots, source_id, id FROM newest
               ON CONFLICT (server_id, item_id) DO UPDATE
                 SET price = excluded.price, captured_at = excluded.captured_at, lots = excluded.lots,
                     source_id = excluded.source_id, observation_id = excluded.observation_id
                 WHERE (l.captured_at, l.price) <= (excluded.captured_at, excluded.price)
             )
             INSERT INTO market.server_version AS v (server_id) VALUES ($3)
             ON CONFLICT (server_id) DO UPDATE SET version = v.version + 1`,
      values: [int4Array(chunk.itemIds), timestamptzArray(chunk.capturedAtMs), chunk.serverId, sourceId],
    });
  }
}
