import { Entity, PrimaryColumn } from 'typeorm';

/**
 * A project of which everything is to be made anew. Nobody's own; each who asks for it leaves a mark of its own, taken by the rebuild that
 * marks all there is.
 */
@Entity({ schema: 'agent_analytics', name: 'dirty_project', comment: 'owner=none; erase=none' })
export class DirtyProjectEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_dirty_project' })
  projectId: string;

  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_dirty_project',
  })
  mark: string;
}
