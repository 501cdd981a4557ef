import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../link/membership.entity.js';
import type { CatalystState, ObjectiveStatus } from './judge-catalyst.js';

/**
 * How one catalyst of a membership stands, as judge-catalyst.ts says. Owned by the membership's account, under row-level security;
 * keyed by membership and record; deleted with the membership.
 */
@Entity({ schema: 'destiny', name: 'catalyst_status', comment: 'owner=user; erase=destiny-profiles' })
@Check(
  'ck_catalyst_status_state',
  `state = ANY (ARRAY['complete'::text, 'in_progress'::text, 'not_found'::text, 'unavailable'::text, 'hidden'::text, 'unknown'::text])`,
)
@Check('ck_catalyst_status_pct', `(pct >= (0)::double precision) AND (pct <= (100)::double precision)`)
@Index('ix_catalyst_status_user', ['userId'])
export class CatalystStatusEntity {
  @PrimaryColumn('uuid', { name: 'membership_id', primaryKeyConstraintName: 'pk_catalyst_status' })
  @ForeignKey(() => MembershipEntity, { name: 'fk_catalyst_status_membership', onDelete: 'CASCADE' })
  membershipId: string;

  /** Unsigned, of 32 bits. */
  @PrimaryColumn('bigint', { name: 'record_hash', primaryKeyConstraintName: 'pk_catalyst_status' })
  recordHash: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  state: CatalystState;

  /** 0 to 100. While the state is unknown, this and the objectives are what was known last. */
  @Column('real')
  pct: number;

  @Column('jsonb')
  objectives: ObjectiveStatus[];

  /** First time that it was seen found; null = before we looked, or not yet. */
  @Column('timestamptz', { name: 'found_at', nullable: true })
  foundAt: Date | null;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt: Date | null;

  /** When an objective last moved. */
  @Column('timestamptz', { name: 'progressed_at', nullable: true })
  progressedAt: Date | null;

  /** Minutes played by then. */
  @Column('integer', { name: 'progressed_minutes', nullable: true })
  progressedMinutes: number | null;
}
