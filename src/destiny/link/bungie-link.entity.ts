import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What was read of an account's memberships, and when. Owned by that account, under row-level security; keyed by it; deleted with the
 * link. Tokens are the connection's, in identity.
 */
@Entity({ schema: 'destiny', name: 'bungie_link', comment: 'owner=user; erase=destiny-link' })
@Check('ck_bungie_link_read', `((bungie_id IS NULL) = (read_at IS NULL))`)
export class BungieLinkEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_bungie_link' })
  userId: string;

  /** Of Bungie.net: whose memberships these are. Null: none have been read yet. */
  @Column('text', { name: 'bungie_id', nullable: true })
  bungieId: string | null;

  /** When Bungie was asked last, by whoever of several processes was first. */
  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  /** When it answered last; memberships seen then are the present ones. */
  @Column('timestamptz', { name: 'read_at', nullable: true })
  readAt: Date | null;

  /** The player has chosen the active membership, which a new reading does not change. */
  @Column('boolean', { name: 'is_chosen', default: false })
  isChosen: boolean;
}
