import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';
import type { ParticipantState, PlausibilityMark } from './race-kinds.js';
import { RaceEntity } from './race.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_race_participant' };

/**
 * Somebody's part in a race. Owned by that runner, whoever owns the race, under row-level security; the others of the race see name, number
 * and figures through the platform's role. Deleted with its runner, its run or its race.
 */
@Entity({ schema: 'running', name: 'race_participant', comment: 'owner=user; erase=running-races' })
@Unique('uq_race_participant_number', ['raceId', 'number'])
@Unique('uq_race_participant_run', ['runId'])
@ForeignKey(() => RaceEntity, ['raceId'], ['id'], { name: 'fk_race_participant_race', onDelete: 'CASCADE' })
@ForeignKey(() => RunEntity, ['runId'], ['id'], { name: 'fk_race_participant_run', onDelete: 'CASCADE' })
@Check(
  'ck_race_participant_state',
  `state = ANY (ARRAY['joined'::text, 'racing'::text, 'finished'::text, 'abandoned'::text, 'left'::text])`,
)
@Index('ix_race_participant_user', ['userId', 'raceId'])
export class RaceParticipantEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'race_id' })
  raceId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  /** From 1, in the order of joining: what others know the runner by. */
  @Column('smallint')
  number: number;

  /** As the runner wants to be called in this race; null = by number. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('uuid', { name: 'run_id', nullable: true })
  runId: string | null;

  @Column('text', { default: 'joined' })
  state: ParticipantState;

  @Column('timestamptz', { name: 'joined_at', default: () => 'now()' })
  joinedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  /** Over the course, from line to line, by the official result; null = not finished. */
  @Column('double precision', { name: 'official_time_s', nullable: true })
  officialTimeS: number | null;

  @Column('double precision', { name: 'error_bar_s', nullable: true })
  errorBarS: number | null;

  @Column('double precision', { name: 'distance_completed_m', nullable: true })
  distanceCompletedM: number | null;

  /** 0 to 1. */
  @Column('double precision', { name: 'completion_ratio', nullable: true })
  completionRatio: number | null;

  @Column('jsonb', { nullable: true })
  plausibility: readonly PlausibilityMark[] | null;

  /** When the runner was where on the course, by the official result: what rivals are compared with. */
  @Column('bytea', { nullable: true })
  progress: Buffer | null;

  @Column('integer', { name: 'result_version', default: 0 })
  resultVersion: number;
}
