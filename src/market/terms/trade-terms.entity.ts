import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { GameEntity } from '../catalog/game.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * What selling costs in a game, or on one server that differs from it. Keyed by (game, server), the server null for the whole
 * game; nobody's own; written by operators, deleted when a server shall follow its game again.
 */
@Entity({ schema: 'market', name: 'trade_terms', comment: 'owner=none; erase=none' })
@Unique('uq_trade_terms_place', ['gameId', 'serverId']) // NULLS NOT DISTINCT
@Check('ck_trade_terms_pct', 'sale_tax_pct BETWEEN 0 AND 100 AND listing_fee_pct BETWEEN 0 AND 100')
export class TradeTermsEntity {
  @PrimaryColumn('integer', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_trade_terms',
  })
  id: number;

  @ForeignKey(() => GameEntity, { name: 'fk_trade_terms_game' })
  @Column('smallint', { name: 'game_id' })
  gameId: number;

  @ForeignKey(() => ServerEntity, { name: 'fk_trade_terms_server' })
  @Column('smallint', { name: 'server_id', nullable: true })
  serverId: number | null;

  /** Percent of the price. */
  @Column('double precision', { name: 'sale_tax_pct' })
  saleTaxPct: number;

  /** Percent of the asked price. */
  @Column('double precision', { name: 'listing_fee_pct' })
  listingFeePct: number;

  @Column('timestamptz', { name: 'changed_at', default: () => 'clock_timestamp()' })
  changedAt: Date;
}
