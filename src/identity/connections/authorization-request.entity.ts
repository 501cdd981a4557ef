import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';
import { SessionEntity } from '../sessions/session.entity.js';

/** What somebody is at a provider's page for. */
export type AuthorizationPurpose = 'connect' | 'link' | 'sign-in';

/**
 * Somebody who is at a provider's page and will come back. Owned by the account that began it, or by nobody for a sign-in, under
 * row-level security; keyed by the SHA-256 of its state; deleted by coming back, or by housekeeping after `expires_at`.
 */
@Entity({ schema: 'identity', name: 'authorization_request', comment: 'owner=user; erase=identity' })
@Check(
  'ck_authorization_request_purpose',
  `(purpose = ANY (ARRAY['connect'::text, 'link'::text, 'sign-in'::text]))`,
)
@Check(
  'ck_authorization_request_owner',
  `(((purpose = 'sign-in'::text) = (user_id IS NULL)) AND ((user_id IS NULL) = (session_id IS NULL)) AND ((purpose = 'sign-in'::text) = (code_challenge IS NOT NULL)))`,
)
@Index('ix_authorization_request_user', ['userId'])
@Index('ix_authorization_request_session', ['sessionId'])
@Index('ix_authorization_request_expires_at', ['expiresAt'])
export class AuthorizationRequestEntity {
  @PrimaryColumn('bytea', { name: 'state_hash', primaryKeyConstraintName: 'pk_authorization_request' })
  stateHash: Buffer;

  @Column('text')
  purpose: AuthorizationPurpose;

  @Column('text')
  provider: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_authorization_request_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  /** The device that began it; ends with it. */
  @ForeignKey(() => SessionEntity, { name: 'fk_authorization_request_session', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId: string | null;

  /** With the state it makes the PKCE verifier and the nonce, see authorization-state.codec.ts. */
  @Column('bytea')
  salt: Buffer;

  /** SHA-256 of the cookie that was given to the browser. */
  @Column('bytea', { name: 'browser_hash', nullable: true })
  browserHash: Buffer | null;

  /** Of the app that signs in: who exchanges the code must know its verifier. */
  @Column('text', { name: 'code_challenge', nullable: true })
  codeChallenge: string | null;

  @Column('text', { name: 'redirect_uri' })
  redirectUri: string;

  @Column('text', { name: 'return_to', nullable: true })
  returnTo: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
