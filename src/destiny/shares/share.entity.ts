import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ShareKind } from './share-kinds.js';

/**
 * A link by which anybody may see a part of what an account's catalysts say. Owned by that account, under row-level security; keyed by a
 * UUIDv7; deleted when it is revoked, and after its end when another one is made.
 */
@Entity({ schema: 'destiny', name: 'share', comment: 'owner=user; erase=destiny-shares' })
@Unique('uq_share_slug', ['slug'])
@Check('ck_share_shows', `shows = ANY (ARRAY['summary'::text, 'list'::text, 'catalyst'::text])`)
@Check('ck_share_record', `(shows = 'catalyst'::text) = (record_hash IS NOT NULL)`)
@Index('ix_share_user', ['userId', 'id'])
export class ShareEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_share' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /**
   * 128 random bits in base64url. As it is and not as a digest: it opens nothing but rows that lie in the same database, and its owner
   * has to see the link again to know which one to send or revoke.
   */
  @Column('text')
  slug: string;

  @Column('text')
  shows: ShareKind;

  /** Of `catalyst`. */
  @Column('bigint', { name: 'record_hash', nullable: true })
  recordHash: number | null;

  /** As the owner wants to be called there. */
  @Column('text', { name: 'display_name', nullable: true })
  displayName: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
