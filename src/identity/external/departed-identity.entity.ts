import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * An identity of a trusted issuer that has left, so that a token from before does not make a new account. Owned by nobody;
 * keyed by the SHA-256 of issuer, line feed and subject; written by a trigger, deleted by housekeeping after eight days.
 */
@Entity({ schema: 'identity', name: 'departed_identity', comment: 'owner=none; erase=none' })
@Index('ix_departed_identity_left_at', ['leftAt'])
export class DepartedIdentityEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_departed_identity' })
  hash: Buffer;

  @Column('timestamptz', { name: 'left_at', default: () => 'clock_timestamp()' })
  leftAt: Date;
}
