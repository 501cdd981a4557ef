import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ErasureEntity } from './erasure.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_erasure_step' };

/**
 * A handler that has done its part of an erasure, committed with what it did. Keyed by (account, handler); goes with its erasure.
 */
@Entity({ schema: 'identity', name: 'erasure_step', comment: 'owner=user; erase=identity' })
export class ErasureStepEntity {
  @ForeignKey(() => ErasureEntity, { name: 'fk_erasure_step_erasure', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('text', PRIMARY_KEY)
  handler: string;

  @Column('timestamptz', { name: 'finished_at', default: () => 'now()' })
  finishedAt: Date;
}
