import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { AlertEntity } from './alert.entity.js';

/** An alert with the names of its place. */
export type AlertRow = AlertEntity & { game: string; server: string };

export type AlertChange = Pick<AlertEntity, 'name' | 'rule' | 'rearmPct' | 'silenceH' | 'isEnabled'>;

export const SELECT_ALERT = `
  SELECT a.id, a.user_id AS "userId", a.server_id AS "serverId", g.key AS game, s.key AS server, a.name, a.rule,
    a.rearm_pct AS "rearmPct", a.silence_h AS "silenceH", a.is_enabled AS "isEnabled",
    a.evaluated_version AS "evaluatedVersion", a.evaluated_at AS "evaluatedAt", a.matched_count AS "matchedCount",
    a.fired_at AS "firedAt", a.created_at AS "createdAt", a.updated_at AS "updatedAt"
  FROM market.alert a JOIN market.server s ON s.id = a.server_id JOIN market.game g ON g.id = s.game_id`;

/** In the scope of an account. */
@Injectable()
export class AlertsRepository {
  async insertAlert(
    tx: Tx,
    row: AlertChange & Pick<AlertEntity, 'id' | 'userId' | 'serverId'>,
  ): Promise<void> {
    await tx.query({
      name: 'market.alerts.insert-alert',
      text: `INSERT INTO market.alert (id, user_id, server_id, name, rule, rearm_pct, silence_h, is_enabled)
             VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
      values: [
        row.id,
        row.userId,
        row.serverId,
        row.name,
        JSON.stringify(row.rule),
        row.rearmPct,
        row.silenceH,
        row.isEnabled,
      ],
    });
  }

  /** Newest first. @param serverId null = of all servers @param before only older ones than this id */
  listPage(tx: Tx, serverId: number | null, before: string | null, limit: number): Promise<AlertRow[]> {
    return tx.query<AlertRow>({
      name: 'market.alerts.list-page',
      text: `${SELECT_ALERT} WHERE ($1::int IS NULL OR a.server_id = $1) AND ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3`,
      values: [serverId, before, limit],
    });
  }

  async findAlert(tx: Tx, id: string): Promise<AlertRow | null> {
    const [row] = await tx.query<AlertRow>({
      name: 'market.alerts.find-alert',
      text: `${SELECT_ALERT} WHERE a.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** The same under a lock. */
  async lockAlert(tx: Tx, id: string): Promise<AlertRow | null> {
    await tx.query({
      name: 'market.alerts.lock-alert',
      text: 'SELECT 1 FROM market.alert WHERE id = $1 FOR UPDATE',
      values: [id],
    });
    return this.findAlert(tx, id);
  }

  /** Until the end of the transaction nobody else adds one to the account. @returns those there are */
  async lockCount(tx: Tx, userId: string): Promise<number> {
    await tx.query({
      name: 'market.alerts.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.marketAlerts}, hashtext($1))`,
      values: [userId],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'market.alerts.count-alerts',
      text: 'SELECT count(*)::int AS count FROM market.alert',
      values: [],
    });
    return row?.count ?? 0;
  }

  /** @param isNewRule what the rule said before is forgotten, so that it is asked anew */
  async updateAlert(tx: Tx, id: string, row: AlertChange, isNewRule: boolean): Promise<void> {
    await tx.query({
      name: 'market.alerts.update-alert',
      text: `UPDATE market.alert SET name = $2, rule = $3::jsonb, rearm_pct = $4, silence_h = $5, is_enabled = $6,
               evaluated_version = CASE WHEN $7 THEN NULL ELSE evaluated_version END,
               matched_count = CASE WHEN $7 THEN NULL ELSE matched_count END, updated_at = clock_timestamp()
             WHERE id = $1`,
      values: [id, row.name, JSON.stringify(row.rule), row.rearmPct, row.silenceH, row.isEnabled, isNewRule],
    });
    if (isNewRule)
      await tx.query({
        name: 'market.alerts.delete-states-of-alert',
        text: 'DELETE FROM market.alert_state WHERE alert_id = $1',
        values: [id],
      });
  }

  async deleteAlert(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'market.alerts.delete-alert',
      text: 'DELETE FROM market.alert WHERE id = $1',
      values: [id],
    });
  }
}
