import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A score. Nobody's own; keyed by Langfuse's id; `removedAt` = gone upstream. */
@Entity({ schema: 'agent_analytics', name: 'score', comment: 'owner=none; erase=none' })
@Index('ix_score_at', ['projectId', 'at'])
@Index('ix_score_trace', ['projectId', 'traceId', 'at'], { where: '(trace_id IS NOT NULL)' })
@Index('ix_score_subject', ['projectId', 'subjectKind', 'subjectId'])
export class RawScoreEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_score' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_score' })
  id: string;

  @Column('text')
  environment: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'data_type' })
  dataType: string;

  @Column('double precision', { name: 'number_value', nullable: true })
  numberValue: number | null;

  @Column('text', { name: 'text_value', nullable: true })
  textValue: string | null;

  @Column('text')
  source: string;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'at_text' })
  atText: string;

  @Column('text', { nullable: true })
  comment: string | null;

  @Column('text', { name: 'subject_kind', nullable: true })
  subjectKind: string | null;

  @Column('text', { name: 'subject_id', nullable: true })
  subjectId: string | null;

  /** The trace that is scored, or that has what is scored. */
  @Column('text', { name: 'trace_id', nullable: true })
  traceId: string | null;

  @Column('timestamptz', { name: 'updated_at', nullable: true })
  updatedAt: Date | null;

  @Column('boolean', { name: 'is_clamped' })
  isClamped: boolean;

  @Column('uuid', { name: 'content_hash' })
  contentHash: string;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
