import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Calls that were counted lately, by the rate limiter's own key: the limit's name and a digest of who called. Owned by nobody;
 * written by the platform's role; forgotten an hour and some minutes after its window.
 */
@Entity({ schema: 'platform', name: 'rate_limit', comment: 'owner=none; erase=none' })
@Index('ix_rate_limit_expire', ['expire'])
export class RateLimitEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_rate_limit' })
  key: string;

  @Column('integer', { default: 0 })
  points: number;

  /** Unix time in milliseconds at which the window ends. */
  @Column('bigint', { nullable: true })
  expire: string | null;
}
