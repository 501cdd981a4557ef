import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** An index of the search server; the newest one of the present layout is asked. */
@Entity({ schema: 'tabletop', name: 'search_index', comment: 'owner=none; erase=none' })
export class SearchIndexEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_search_index' })
  name: string;

  @Column('integer')
  layout: number;

  /** It was made with `analysis-phonetic`. */
  @Column('boolean', { name: 'has_sounds' })
  hasSounds: boolean;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
