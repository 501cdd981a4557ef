import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What was taken back. Owned by nobody, and holds ids only; keyed by a UUIDv7; deleted by housekeeping when every token that
 * it concerns has ended by itself.
 */
@Entity({ schema: 'identity', name: 'revocation', comment: 'owner=none; erase=none' })
@Check(
  'ck_revocation_kind',
  `(kind = ANY (ARRAY['session'::text, 'key'::text, 'account'::text, 'signing-key'::text, 'data-key'::text, 'identity'::text]))`,
)
@Index('ix_revocation_revoked_at', ['revokedAt'])
export class RevocationEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_revocation' })
  id: string;

  @Column('text')
  kind: 'session' | 'key' | 'account' | 'signing-key' | 'data-key' | 'identity';

  @Column('uuid', { name: 'subject_id' })
  subjectId: string;

  /** Of an account: tokens of lower versions are refused. */
  @Column('integer', { name: 'min_token_version', nullable: true })
  minTokenVersion: number | null;

  @Column('timestamptz', { name: 'revoked_at', default: () => 'clock_timestamp()' })
  revokedAt: Date;
}
