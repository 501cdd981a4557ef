import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which derived rows a project has: another one after each rebuild that has changed any. Nobody's own. */
@Entity({ schema: 'agent_analytics', name: 'figure_version', comment: 'owner=none; erase=none' })
export class FigureVersionEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_figure_version' })
  projectId: string;

  @Column('uuid')
  version: string;
}
