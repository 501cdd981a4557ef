import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HistoryImportEntity } from './history-import.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_history_import_part' };

/** Whole lines of an import's file, at most one body's worth. Owned as its import is; deleted once it has been applied. */
@Entity({ schema: 'market', name: 'history_import_part', comment: 'owner=user; erase=history-imports' })
@Check('ck_history_import_part_part', '(part >= 0)')
@ForeignKey(() => HistoryImportEntity, ['userId', 'importId'], ['userId', 'id'], {
  name: 'fk_history_import_part_import',
  onDelete: 'CASCADE',
})
export class HistoryImportPartEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'import_id' })
  importId: string;

  /** From 0 on, without gaps. */
  @PrimaryColumn('integer', PRIMARY_KEY)
  part: number;

  @Column('integer', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('text')
  body: string;
}
