import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One turn of a session, without a word of its player. Nobody's own; keyed by its place; rebuilt with the session. */
@Entity({ schema: 'agent_analytics', name: 'turn', comment: 'owner=none; erase=none' })
@Index('ix_turn_at', ['projectId', 'at'])
export class TurnEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_turn' })
  projectId: string;

  @PrimaryColumn('text', { name: 'session_id', primaryKeyConstraintName: 'pk_turn' })
  sessionId: string;

  /** From 1. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_turn' })
  ordinal: number;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  environment: string;

  @Column('text', { nullable: true })
  chapter: string | null;

  /** From the player's act to the last answer. */
  @Column('double precision', { name: 'latency_ms' })
  latencyMs: number;

  /** From the last answer to the next act; null = the player never came back. */
  @Column('double precision', { name: 'rest_ms', nullable: true })
  restMs: number | null;

  /** `[{key, title}]`. */
  @Column('jsonb')
  offered: unknown;

  /** Which of those was taken in the next turn. */
  @Column('text', { name: 'picked_key', nullable: true })
  pickedKey: string | null;

  @Column('double precision', { name: 'cost_usd' })
  costUsd: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;
}
