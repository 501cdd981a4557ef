import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { AgentAlertEntity } from './alert.entity.js';

export type AlertRow = AgentAlertEntity;
export type AlertChange = Pick<AlertRow, 'name' | 'rule' | 'rearmPct' | 'silenceH' | 'isEnabled'>;

const SELECT = `
  SELECT id, user_id AS "userId", project_id AS "projectId", name, rule, rearm_pct AS "rearmPct", silence_h AS "silenceH",
    is_enabled AS "isEnabled", judged_end_at AS "judgedEndAt", value, is_fired AS "isFired", is_matching AS "isMatching",
    fired_end_at AS "firedEndAt", created_at AS "createdAt", updated_at AS "updatedAt"
  FROM agent_analytics.alert`;

/** In the scope of an account; what judges them is the platform's and sees those of all. */
@Injectable()
export class AgentAlertsRepository {
  async insertAlert(tx: Tx, row: AlertChange & Pick<AlertRow, 'id' | 'userId' | 'projectId'>): Promise<void> {
    const { id, userId, projectId, name, rule, rearmPct, silenceH, isEnabled } = row;
    await tx.query({
      name: 'agents.alerts.insert-alert',
      text: `INSERT INTO agent_analytics.alert (id, user_id, project_id, name, rule, rearm_pct, silence_h, is_enabled)
             VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
      values: [id, userId, projectId, name, JSON.stringify(rule), rearmPct, silenceH, isEnabled],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPage(tx: Tx, projectId: string | null, before: string | null, limit: number): Promise<AlertRow[]> {
    return tx.query<AlertRow>({
      name: 'agents.alerts.list-page',
      text: `${SELECT} WHERE ($1::text IS NULL OR project_id = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      values: [projectId, before, limit],
    });
  }

  async findAlert(tx: Tx, id: string): Promise<AlertRow | null> {
    const [row] = await tx.query<AlertRow>({
      name: 'agents.alerts.find-alert',
      text: `${SELECT} WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  async lockAlert(tx: Tx, id: string): Promise<AlertRow | null> {
    const [row] = await tx.query<AlertRow>({
      name: 'agents.alerts.lock-alert',
      text: `${SELECT} WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  /** Until the end of the transaction nobody else adds one to the account. @returns those there are */
  async lockCount(tx: Tx, userId: string): Promise<number> {
    await tx.query({
      name: 'agents.alerts.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.agentAlerts}, hashtext($1))`,
      values: [userId],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'agents.alerts.count-alerts',
      text: 'SELECT count(*)::int AS count FROM agent_analytics.alert',
      values: [],
    });
    return row?.count ?? 0;
  }

  /** @param isNewRule how it stood by the former one is forgotten */
  async updateAlert(tx: Tx, id: string, row: AlertChange, isNewRule: boolean): Promise<void> {
    await tx.query({
      name: 'agents.alerts.update-alert',
      text: `UPDATE agent_analytics.alert SET name = $2, rule = $3::jsonb, rearm_pct = $4, silence_h = $5, is_enabled = $6,
               judged_end_at = CASE WHEN $7 THEN NULL ELSE judged_end_at END, value = CASE WHEN $7 THEN NULL ELSE value END,
               is_fired = is_fired AND NOT $7, is_matching = is_matching AND NOT $7,
               fired_end_at = CASE WHEN $7 THEN NULL ELSE fired_end_at END, updated_at = clock_timestamp()
             WHERE id = $1`,
      values: [id, row.name, JSON.stringify(row.rule), row.rearmPct, row.silenceH, row.isEnabled, isNewRule],
    });
  }

  async deleteAlert(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'agents.alerts.delete-alert',
      text: 'DELETE FROM agent_analytics.alert WHERE id = $1',
      values: [id],
    });
  }

  async hasAlerts(tx: Tx, projectId: string): Promise<boolean> {
    const [row] = await tx.query<{ has: boolean }>({
      name: 'agents.alerts.has-alerts',
      text: 'SELECT EXISTS (SELECT FROM agent_analytics.alert WHERE project_id = $1 AND is_enabled) AS has',
      values: [projectId],
    });
    return row?.has ?? false;
  }

  /** Of all accounts, in the order of ids. @param after id of the last one before */
  listEnabled(tx: Tx, projectId: string, after: string | null, limit: number): Promise<AlertRow[]> {
    return tx.query<AlertRow>({
      name: 'agents.alerts.list-enabled',
      text: `${SELECT} WHERE project_id = $1 AND is_enabled AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
      values: [projectId, after, limit],
    });
  }

  async updateJudged(
    tx: Tx,
    id: string,
    row: Pick<AlertRow, 'judgedEndAt' | 'value' | 'isFired' | 'isMatching' | 'firedEndAt'>,
  ): Promise<void> {
    await tx.query({
      name: 'agents.alerts.update-judged',
      text: `UPDATE agent_analytics.alert SET judged_end_at = $2, value = $3, is_fired = $4, is_matching = $5, fired_end_at = $6
             WHERE id = $1`,
      values: [id, row.judgedEndAt, row.value, row.isFired, row.isMatching, row.firedEndAt],
    });
  }
}
