import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Unknown errors that are one and the same fault. Nobody's own: names, numbers and ids are taken out of the message; keyed by
 * the fingerprint; counted up by the sink, deleted when not seen for PROFILING_RETENTION_DAYS.
 */
@Entity({ schema: 'platform', name: 'error_group', comment: 'owner=none; erase=none' })
@Check('ck_error_group_count', 'count > 0')
@Index('ix_error_group_last_seen_at', ['lastSeenAt', 'fingerprint'])
export class ErrorGroupEntity {
  /** 32 hexadecimal digits; see `fingerprintOf`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_error_group' })
  fingerprint: string;

  /** Class of the error. */
  @Column('text')
  name: string;

  /** Its own code, such as an SQLSTATE. */
  @Column('text', { nullable: true })
  code: string | null;

  /** Without numbers and ids. */
  @Column('text')
  message: string;

  /** The innermost line of our own code. */
  @Column('text', { nullable: true })
  frame: string | null;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt: Date;

  @Column('bigint')
  count: number;

  /** The newest five requests that met it, the newest last. */
  @Column('text', { name: 'sample_request_ids', array: true })
  sampleRequestIds: string[];
}
