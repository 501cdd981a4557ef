import { Injectable } from '@nestjs/common';
import {
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { BoardColumns } from './price-board.js';

@Injectable()
export class PriceStreamRepository {
  /** 0 for a server without prices. */
  async listVersions(tx: Tx, serverIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await tx.query<{ serverId: number; version: number }>({
      name: 'market.price-stream.list-versions',
      text: `SELECT s.id AS "serverId", coalesce(v.version, 0) AS version
             FROM unnest($1::int[]) AS s (id) LEFT JOIN market.server_version v ON v.server_id = s.id`,
      values: [serverIds],
    });
    return new Map(rows.map(({ serverId, version }) => [serverId, version]));
  }

  /** Everything that `latest` shows of a server, with its version in the same snapshot. */
  async readBoard(tx: Tx, serverId: number): Promise<BoardColumns & { version: number }> {
    const [row] = await tx.query<
      { version: number } & Record<'itemIds' | 'prices' | 'capturedAtMs' | 'lots', Buffer>
    >({
      name: 'market.price-stream.read-board',
      text: `SELECT coalesce((SELECT version FROM market.server_version WHERE server_id = $1), 0) AS version,
               array_send(coalesce(array_agg(item_id), '{}')) AS "itemIds",
               array_send(coalesce(array_agg(price), '{}')) AS prices,
               array_send(coalesce(array_agg(captured_at), '{}')) AS "capturedAtMs",
               array_send(coalesce(array_agg(lots), '{}')) AS lots
             FROM market.latest WHERE server_id = $1`,
      values: [serverId],
    });
    return {
      version: row!.version,
      itemIds: readInt4Array(row!.itemIds),
      prices: readFloat8Array(row!.prices),
      capturedAtMs: readTimestamptzArray(row!.capturedAtMs),
      lots: readInt4Array(row!.lots),
    };
  }
}
