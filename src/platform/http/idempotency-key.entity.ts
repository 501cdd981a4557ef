import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_idempotency_key' };

/**
 * The answer to a request that may come again. Owned by the account that asked, under row-level security; keyed by (account, route,
 * key); inserted and completed in the request's own transaction; deleted by housekeeping after 24 hours.
 */
@Entity({ schema: 'platform', name: 'idempotency_key', comment: 'owner=user; erase=idempotency' })
@Index('ix_idempotency_key_created_at', ['createdAt'])
export class IdempotencyKeyEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  /** The route's pattern and what else tells one request from another. */
  @PrimaryColumn('text', PRIMARY_KEY)
  route: string;

  @PrimaryColumn('text', PRIMARY_KEY)
  key: string;

  /** SHA-256 of the body as it was sent. */
  @Column('bytea', { name: 'body_hash' })
  bodyHash: Buffer;

  /** Null until the request has succeeded; committed rows have one. */
  @Column('smallint', { nullable: true })
  status: number | null;

  /** Not jsonb, which refuses NUL and half surrogate pairs and forgets the order: the answer is repeated to the letter. */
  @Column('json', { nullable: true })
  response: unknown;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
