import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The public half as `/.well-known/jwks.json` shows it. */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
}

/**
 * A pair of keys (ES256) of access tokens. Owned by nobody; keyed by a UUIDv7, the tokens' `kid`; deleted by housekeeping when
 * no token of it can be alive.
 */
@Entity({ schema: 'identity', name: 'signing_key', comment: 'owner=none; erase=none' })
export class SigningKeyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_signing_key' })
  id: string;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk: PublicJwk;

  /** PKCS #8 (DER), sealed. */
  @Column('bytea', { name: 'sealed_private' })
  sealedPrivate: Buffer;

  /** It is published before it signs, so that every process knows it by then. */
  @Column('timestamptz', { name: 'signs_from' })
  signsFrom: Date;

  /** Nothing that it signed is accepted afterwards; null while it is the newest. */
  @Column('timestamptz', { name: 'ends_at', nullable: true })
  endsAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
