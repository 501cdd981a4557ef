import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RaceClock, RaceMode, RaceStatus } from './race-kinds.js';

/**
 * A race against ghosts, of one account or of those whom it invited. Owned by whoever made it, under row-level security; keyed by a UUIDv7;
 * deleted by its owner, with everybody's part in it; the results of others stay theirs.
 */
@Entity({ schema: 'running', name: 'race', comment: 'owner=user; erase=running-races' })
@Unique('uq_race_owner', ['userId', 'id'])
@Unique('uq_race_invite', ['inviteDigest'])
@Check('ck_race_mode', `mode = ANY (ARRAY['ghosts'::text, 'group'::text])`)
@Check('ck_race_clock', `clock = ANY (ARRAY['elapsed'::text, 'moving'::text])`)
@Check(
  'ck_race_status',
  `status = ANY (ARRAY['planned'::text, 'racing'::text, 'finished'::text, 'cancelled'::text])`,
)
@Check(
  'ck_race_invite',
  `(invite_digest IS NULL) = (invite_expires_at IS NULL) AND (mode = 'group'::text OR invite_digest IS NULL)`,
)
@Index('ix_race_planned', ['plannedAt'], { where: `status = 'planned'::text AND warmed_at IS NULL` })
export class RaceEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_race' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  mode: RaceMode;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { default: 'elapsed' })
  clock: RaceClock;

  @Column('text', { default: 'planned' })
  status: RaceStatus;

  @Column('timestamptz', { name: 'planned_at', nullable: true })
  plannedAt: Date | null;

  /** When its ghosts' curves were made ready for it. */
  @Column('timestamptz', { name: 'warmed_at', nullable: true })
  warmedAt: Date | null;

  /** SHA-256 of the token by which others join a group race. */
  @Column('bytea', { name: 'invite_digest', nullable: true })
  inviteDigest: Buffer | null;

  @Column('timestamptz', { name: 'invite_expires_at', nullable: true })
  inviteExpiresAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
