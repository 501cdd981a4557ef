import { Entity, PrimaryColumn } from 'typeorm';

/** The same of a session. */
@Entity({ schema: 'agent_analytics', name: 'dirty_session', comment: 'owner=none; erase=none' })
export class DirtySessionEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_dirty_session' })
  projectId: string;

  @PrimaryColumn('text', { name: 'session_id', primaryKeyConstraintName: 'pk_dirty_session' })
  sessionId: string;

  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_dirty_session',
  })
  mark: string;
}
