import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { LineFault } from './wish-list.js';

/**
 * A wish list that an account has uploaded. Owned by that account, under row-level security; keyed by a UUIDv7; deleted by its owner,
 * with its rolls and notes.
 */
@Entity({ schema: 'destiny', name: 'wish_list', comment: 'owner=user; erase=destiny-wish-lists' })
@Unique('uq_wish_list_user', ['userId', 'id'])
export class WishListEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_wish_list' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  title: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Of the text. */
  @Column('integer', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('integer', { name: 'roll_count', default: 0 })
  rollCount: number;

  /** Lines that were passed over. */
  @Column('integer', { name: 'fault_count', default: 0 })
  faultCount: number;

  /** The first hundred of them. */
  @Column('jsonb', { default: () => `'[]'` })
  faults: LineFault[];

  /** Counts what it was replaced by. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
