import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * How much of what a provider allows has been used. Nobody's own; keyed by provider and the budget's name; made by the first
 * call, never deleted (a handful of rows). Written by the functions take_outbound_budget and report_outbound_budget alone.
 */
@Entity({ schema: 'platform', name: 'outbound_budget', comment: 'owner=none; erase=none' })
@Check('ck_outbound_budget_used_count', 'used_count >= 0')
export class OutboundBudgetEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_outbound_budget' })
  provider: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_outbound_budget' })
  name: string;

  /** A window's beginning; of a bucket the instant at which it is full again. */
  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  /** Calls of the present window; 0 for a bucket. */
  @Column('integer', { name: 'used_count', default: 0 })
  usedCount: number;

  /** What the provider's headers say is allowed, where they do. */
  @Column('integer', { name: 'provider_limit', nullable: true })
  providerLimit: number | null;

  /** The provider has answered 429 and asked for silence until then. */
  @Column('timestamptz', { name: 'blocked_until', nullable: true })
  blockedUntil: Date | null;
}
