import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What a session is found by. Nobody's own; rebuilt with the session; its lines go when the first of its texts does (AGENT_PAYLOAD_MONTHS)
 * and when its texts are erased, its names stay.
 */
@Entity({ schema: 'agent_analytics', name: 'session_text', comment: 'owner=none; erase=none' })
@Index('ix_session_text_words', ['words'], { type: 'gin' })
export class SessionTextEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_session_text' })
  projectId: string;

  @PrimaryColumn('text', { name: 'session_id', primaryKeyConstraintName: 'pk_session_text' })
  sessionId: string;

  /** Of names and lines; folded by `fold-words.ts`. */
  @Column('tsvector')
  words: string;

  /** Of names alone. */
  @Column('tsvector')
  names: string;

  /** `[{turn, at, by, agent, text}]`. */
  @Column('json')
  lines: unknown;

  /** Of the first line; null = no lines. */
  @Column('timestamptz', { name: 'first_at', nullable: true })
  firstAt: Date | null;
}
