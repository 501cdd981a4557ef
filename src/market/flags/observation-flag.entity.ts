import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';
import type { FlagReason, Verdict } from './flag-rule.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_observation_flag' };

/**
 * A raw row whose price is far from what its series says, or about which a curator has said something. Keyed as the raw row is;
 * nobody's own; derived together with the rollups of its day, and deleted when neither the rule nor a verdict holds it or the raw
 * row is gone. It outlives a month that is detached.
 */
@Entity({ schema: 'market', name: 'observation_flag', comment: 'owner=none; erase=none' })
@Index('ix_observation_flag_recent', ['serverId', 'observationId'])
@Check('ck_observation_flag_reason', "reason IN ('above-level', 'below-level', 'above-day', 'below-day')")
@Check('ck_observation_flag_verdict', "verdict IN ('cleared', 'confirmed')")
export class ObservationFlagEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_observation_flag_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_observation_flag_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @PrimaryColumn('timestamptz', { ...PRIMARY_KEY, name: 'captured_at' })
  capturedAt: Date;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'source_id' })
  sourceId: number;

  @Column('bigint', { name: 'observation_id' })
  observationId: number;

  /** Of one unit, in the game's coin: the price that reason and verdict speak of. */
  @Column('double precision')
  price: number;

  @Column('text')
  reason: FlagReason;

  /** Level of the series, or median of the day. */
  @Column('double precision', { name: 'expected_price' })
  expectedPrice: number;

  /** Price over expected price. */
  @Column('double precision')
  ratio: number;

  @Column('timestamptz', { name: 'flagged_at', default: () => 'clock_timestamp()' })
  flaggedAt: Date;

  /** Null while no curator has looked. */
  @Column('text', { nullable: true })
  verdict: Verdict | null;

  /** Account of the curator; null also when that account has been erased. */
  @Column('uuid', { name: 'judged_by', nullable: true })
  judgedBy: string | null;

  @Column('timestamptz', { name: 'judged_at', nullable: true })
  judgedAt: Date | null;
}
