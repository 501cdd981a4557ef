import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ScannerRule } from '../analytics/scanner-rule.js';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * A rule of the scanner that an account waits for on a server. Owned by that account, under row-level security; keyed by a UUIDv7;
 * deleted by its owner, with its states.
 */
@Entity({ schema: 'market', name: 'alert', comment: 'owner=user; erase=alerts' })
@Unique('uq_alert_user', ['userId', 'id'])
@Check(
  'ck_alert_rearm_pct',
  `(rearm_pct >= (0)::double precision) AND (rearm_pct <= (1000)::double precision)`,
)
@Check(
  'ck_alert_silence_h',
  `(silence_h >= (0)::double precision) AND (silence_h <= (8760)::double precision)`,
)
@Index('ix_alert_server', ['serverId'], { where: 'is_enabled' })
export class AlertEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_alert' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => ServerEntity, { name: 'fk_alert_server' })
  @Column('smallint', { name: 'server_id' })
  serverId: number;

  @Column('text')
  name: string;

  @Column('jsonb')
  rule: ScannerRule;

  /** By so much of each bound the rule has to miss before an item may fire again. */
  @Column('double precision', { name: 'rearm_pct' })
  rearmPct: number;

  /** So long after it fired, an item may fire again although it missed by less; null = never. */
  @Column('double precision', { name: 'silence_h', nullable: true })
  silenceH: number | null;

  @Column('boolean', { name: 'is_enabled', default: true })
  isEnabled: boolean;

  /** Version of the rollups for which it was evaluated last; null = not yet, or not since its rule was changed. */
  @Column('bigint', { name: 'evaluated_version', nullable: true })
  evaluatedVersion: number | null;

  @Column('timestamptz', { name: 'evaluated_at', nullable: true })
  evaluatedAt: Date | null;

  /** Items that matched then. */
  @Column('integer', { name: 'matched_count', nullable: true })
  matchedCount: number | null;

  @Column('timestamptz', { name: 'fired_at', nullable: true })
  firedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
