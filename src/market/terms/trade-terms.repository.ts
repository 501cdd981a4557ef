import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { TradeTerms } from './trade-terms.js';

export interface TradeTermsRow extends TradeTerms {
  /** Null where the terms are those of the whole game. */
  serverId: number | null;
  changedAt: Date;
}

const COLUMNS = `t.server_id AS "serverId", t.sale_tax_pct AS "saleTaxPct", t.listing_fee_pct AS "listingFeePct",
  t.changed_at AS "changedAt"`;

@Injectable()
export class TradeTermsRepository {
  /** The server's own row, or else the game's, or none. */
  serverStatement(serverId: number): Statement {
    return {
      name: 'market.trade-terms.find-of-server',
      text: `SELECT ${COLUMNS} FROM market.server s
             JOIN market.trade_terms t ON t.game_id = s.game_id AND (t.server_id = s.id OR t.server_id IS NULL)
             WHERE s.id = $1 ORDER BY t.server_id NULLS LAST LIMIT 1`,
      values: [serverId],
    };
  }

  /** Every row of a game. */
  gameStatement(gameId: number): Statement {
    return {
      name: 'market.trade-terms.list-of-game',
      text: `SELECT ${COLUMNS} FROM market.trade_terms t WHERE t.game_id = $1 ORDER BY t.server_id NULLS FIRST`,
      values: [gameId],
    };
  }

  /** Moves with every change in the game or on one of its servers. */
  versionStatement(gameId: number): Statement {
    return {
      name: 'market.trade-terms.get-version',
      text: 'SELECT terms_version AS version FROM market.game WHERE id = $1',
      values: [gameId],
    };
  }

  /** One change of a game's terms at a time. @returns the version that they come to have */
  async bumpGame(tx: Tx, gameId: number): Promise<number> {
    const [row] = await tx.query<{ version: number }>({
      name: 'market.trade-terms.bump-game',
      text: 'UPDATE market.game SET terms_version = terms_version + 1 WHERE id = $1 RETURNING terms_version AS version',
      values: [gameId],
    });
    return row!.version;
  }

  async findOwn(tx: Tx, gameId: number, serverId: number | null): Promise<TradeTermsRow | null> {
    const [row] = await tx.query<TradeTermsRow>({
      name: 'market.trade-terms.find-own',
      text: `SELECT ${COLUMNS} FROM market.trade_terms t
             WHERE t.game_id = $1 AND t.server_id IS NOT DISTINCT FROM $2::smallint`,
      values: [gameId, serverId],
    });
    return row ?? null;
  }

  async upsertTerms(
    tx: Tx,
    gameId: number,
    serverId: number | null,
    { saleTaxPct, listingFeePct }: TradeTerms,
  ): Promise<TradeTermsRow> {
    const [row] = await tx.query<TradeTermsRow>({
      name: 'market.trade-terms.upsert-terms',
      text: `INSERT INTO market.trade_terms AS t (game_id, server_id, sale_tax_pct, listing_fee_pct)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (game_id, server_id) DO UPDATE
               SET sale_tax_pct = excluded.sale_tax_pct, listing_fee_pct = excluded.listing_fee_pct,
                   changed_at = clock_timestamp()
             RETURNING ${COLUMNS}`,
      values: [gameId, serverId, saleTaxPct, listingFeePct],
    });
    return row!;
  }

  async deleteTerms(tx: Tx, gameId: number, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.trade-terms.delete-terms',
      text: 'DELETE FROM market.trade_terms WHERE game_id = $1 AND server_id = $2',
      values: [gameId, serverId],
    });
  }

  /**
   * Moves the versions of prices and of rollups, so that nothing made with the former terms counts as unchanged. Rows in the order
   * in which batches lock them. @param serverId null for every server of the game
   */
  async bumpVersions(tx: Tx, gameId: number, serverId: number | null): Promise<void> {
    for (const table of ['server_version', 'rollup_version'])
      await tx.query({
        name: `market.trade-terms.bump-${table}`,
        text: `UPDATE market.${table} v SET version = v.version + 1
               FROM (SELECT v.server_id FROM market.${table} v JOIN market.server s ON s.id = v.server_id
                     WHERE s.game_id = $1 AND ($2::smallint IS NULL OR s.id = $2)
                     ORDER BY v.server_id FOR UPDATE OF v) l
               WHERE v.server_id = l.server_id`,
        values: [gameId, serverId],
      });
  }
}
