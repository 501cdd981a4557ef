import { Entity, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_withheld_observation' };

/**
 * A price that was sent and is not part of the history: it repeats the one before it, or its source names a lower one for the same
 * instant (ingest/judge-points.ts). In one partition per month of `captured_at`, beside the raw rows, and deleted with their month; with its item by the same
 * sweep; nobody's own. It comes into the history when a point that came later makes it count.
 */
@Entity({ schema: 'market', name: 'withheld_observation', comment: 'owner=none; erase=none' })
export class WithheldObservationEntity {
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @PrimaryColumn('timestamptz', { ...PRIMARY_KEY, name: 'captured_at' })
  capturedAt: Date;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'source_id' })
  sourceId: number;

  /** Price of ONE unit in the game's coin. */
  @PrimaryColumn('double precision', { ...PRIMARY_KEY })
  price: number;

  /** Number of listings seen, not a traded quantity. */
  @PrimaryColumn('integer', { ...PRIMARY_KEY })
  lots: number;
}
