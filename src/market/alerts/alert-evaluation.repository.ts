import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { ScannerRule } from '../analytics/scanner-rule.js';
import { type AlertRow, SELECT_ALERT } from './alerts.repository.js';

/** Alerts of a server that ask the same. */
export interface AlertGroup {
  rule: ScannerRule;
  rearmPct: number;
  alertIds: string[];
}

export interface AlertStateRow {
  itemId: number;
  isMatching: boolean;
  firedAtMs: number;
}

/** As the platform, for all accounts. */
@Injectable()
export class AlertEvaluationRepository {
  async hasAlerts(tx: Tx, serverId: number): Promise<boolean> {
    const [row] = await tx.query<{ has: boolean }>({
      name: 'market.alert-evaluation.has-alerts',
      text: 'SELECT EXISTS (SELECT FROM market.alert WHERE server_id = $1 AND is_enabled) AS has',
      values: [serverId],
    });
    return row?.has ?? false;
  }

  /** What the figures of a server stand at; 0 where there are none yet. */
  async findVersion(tx: Tx, serverId: number): Promise<number> {
    const [row] = await tx.query<{ version: number }>({
      name: 'market.alert-evaluation.find-version',
      text: 'SELECT version FROM market.figure_version WHERE server_id = $1',
      values: [serverId],
    });
    return row?.version ?? 0;
  }

  /** Those that were asked longest ago first. */
  listDueGroups(tx: Tx, serverId: number, version: number, limit: number): Promise<AlertGroup[]> {
    return tx.query<AlertGroup>({
      name: 'market.alert-evaluation.list-due-groups',
      text: `SELECT rule, rearm_pct AS "rearmPct", array_agg(id ORDER BY id) AS "alertIds" FROM market.alert
             WHERE server_id = $1 AND is_enabled AND evaluated_version IS DISTINCT FROM $2
             GROUP BY rule, rearm_pct ORDER BY min(coalesce(evaluated_at, '-infinity')), min(id::text) LIMIT $3`,
      values: [serverId, version, limit],
    });
  }

  async listDueServers(tx: Tx): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.alert-evaluation.list-due-servers',
      text: `SELECT DISTINCT a.server_id AS id FROM market.alert a LEFT JOIN market.figure_version v ON v.server_id = a.server_id
             WHERE a.is_enabled AND a.evaluated_version IS DISTINCT FROM coalesce(v.version, 0)`,
      values: [],
    });
    return rows.map(({ id }) => id);
  }

  /** Locks an alert that is still to be asked what its group asks. */
  async lockDue(tx: Tx, id: string, version: number, group: AlertGroup): Promise<AlertRow | null> {
    const locked = await tx.query({
      name: 'market.alert-evaluation.lock-due',
      text: `SELECT 1 FROM market.alert WHERE id = $1 AND is_enabled AND evaluated_version IS DISTINCT FROM $2
               AND rule = $3::jsonb AND rearm_pct = $4 FOR UPDATE`,
      values: [id, version, JSON.stringify(group.rule), group.rearmPct],
    });
    if (locked.length === 0) return null;
    const [row] = await tx.query<AlertRow>({
      name: 'market.alerts.find-alert',
      text: `${SELECT_ALERT} WHERE a.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  listStates(tx: Tx, userId: string, alertId: string): Promise<AlertStateRow[]> {
    return tx.query<AlertStateRow>({
      name: 'market.alert-evaluation.list-states',
      text: `SELECT item_id AS "itemId", is_matching AS "isMatching", (extract(epoch FROM fired_at) * 1000)::float8 AS "firedAtMs"
             FROM market.alert_state WHERE user_id = $1 AND alert_id = $2`,
      values: [userId, alertId],
    });
  }

  async upsertStates(
    tx: Tx,
    userId: string,
    alertId: string,
    states: readonly AlertStateRow[],
  ): Promise<void> {
    if (states.length === 0) return;
    await tx.query({
      name: 'market.alert-evaluation.upsert-states',
      text: `INSERT INTO market.alert_state (user_id, alert_id, item_id, is_matching, fired_at)
             SELECT $1, $2, t.item_id, t.is_matching, to_timestamp(t.fired_at_ms / 1000)
             FROM unnest($3::int[], $4::boolean[], $5::float8[]) AS t (item_id, is_matching, fired_at_ms)
             ON CONFLICT (user_id, alert_id, item_id) DO UPDATE
               SET is_matching = excluded.is_matching, fired_at = excluded.fired_at`,
      values: [
        userId,
        alertId,
        states.map(({ itemId }) => itemId),
        states.map(({ isMatching }) => isMatching),
        states.map(({ firedAtMs }) => firedAtMs),
      ],
    });
  }

  async deleteStates(tx: Tx, userId: string, alertId: string, itemIds: readonly number[]): Promise<void> {
    if (itemIds.length === 0) return;
    await tx.query({
      name: 'market.alert-evaluation.delete-states',
      text: 'DELETE FROM market.alert_state WHERE user_id = $1 AND alert_id = $2 AND item_id = ANY ($3::int[])',
      values: [userId, alertId, itemIds],
    });
  }

  async updateEvaluated(
    tx: Tx,
    id: string,
    asked: { version: number; matchedCount: number; isFiring: boolean },
  ): Promise<void> {
    await tx.query({
      name: 'market.alert-evaluation.update-evaluated',
      text: `UPDATE market.alert SET evaluated_version = $2, evaluated_at = now(), matched_count = $3,
               fired_at = CASE WHEN $4 THEN now() ELSE fired_at END
             WHERE id = $1`,
      values: [id, asked.version, asked.matchedCount, asked.isFiring],
    });
  }

  async listLabels(tx: Tx, itemIds: readonly number[]): Promise<Map<number, string>> {
    const rows = await tx.query<{ id: number; label: string }>({
      name: 'market.alert-evaluation.list-labels',
      text: 'SELECT id, label FROM market.item WHERE id = ANY ($1::int[])',
      values: [itemIds],
    });
    return new Map(rows.map(({ id, label }) => [id, label]));
  }
}
