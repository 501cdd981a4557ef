import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AlertRule } from './alert-rule.js';

/**
 * A metric that an account waits for, and how it stands (alert-judgment.ts). Owned by that account, under row-level security; keyed by a
 * UUIDv7; deleted by its owner.
 */
@Entity({ schema: 'agent_analytics', name: 'alert', comment: 'owner=user; erase=agent-alerts' })
@Check(
  'ck_agent_alert_rearm_pct',
  `(rearm_pct >= (0)::double precision) AND (rearm_pct <= (1000)::double precision)`,
)
@Check(
  'ck_agent_alert_silence_h',
  `(silence_h >= (0)::double precision) AND (silence_h <= (8760)::double precision)`,
)
@Index('ix_agent_alert_user', ['userId'])
@Index('ix_agent_alert_project', ['projectId', 'id'], { where: 'is_enabled' })
export class AgentAlertEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_agent_alert' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Name in the settings; of one that is no longer there nothing is judged. */
  @Column('text', { name: 'project_id' })
  projectId: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  rule: AlertRule;

  @Column('double precision', { name: 'rearm_pct' })
  rearmPct: number;

  @Column('double precision', { name: 'silence_h', nullable: true })
  silenceH: number | null;

  @Column('boolean', { name: 'is_enabled', default: true })
  isEnabled: boolean;

  /** End of the window that was judged last; null = none yet, or none by this rule. */
  @Column('timestamptz', { name: 'judged_end_at', nullable: true })
  judgedEndAt: Date | null;

  /** What the metric was then; null = nothing to tell it of. */
  @Column('double precision', { nullable: true })
  value: number | null;

  /** It has fired and is not armed again. */
  @Column('boolean', { name: 'is_fired', default: false })
  isFired: boolean;

  /** The rule has held since it was last judged. */
  @Column('boolean', { name: 'is_matching', default: false })
  isMatching: boolean;

  /** End of the window that it fired for last. */
  @Column('timestamptz', { name: 'fired_end_at', nullable: true })
  firedEndAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
