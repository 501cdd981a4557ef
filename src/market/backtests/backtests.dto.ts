import { ApiProperty } from '@nestjs/swagger';
import { EXIT_REASONS, type ExitReason } from './trades.js';

export class BacktestTradeDto {
  itemId: number;
  /** The day at whose end the rule matched, UTC. */
  decidedOn: string;
  enteredOn: string;
  /** In the game's coin for one unit. */
  entryPrice: number;
  exitedOn: string;
  exitPrice: number;
  /** `held` for its days, `target` or `stop` reached, or the `end` of the span. */
  @ApiProperty({ enum: EXIT_REASONS })
  reason: ExitReason;
  /** Percent of the price paid, after tax and fee. */
  returnPct: number;
}

/** The same number of purchases at random, sold by the same plan. */
export class RandomBuyingDto {
  draws: number;
  /** Per trade, over all draws. */
  meanReturnPct: number;
  /** Share of the draws that did worse than the rule, percent. */
  worsePct: number;
  /** How likely random buying does at least as well, above 0 to 1. */
  p: number;
}

export class BacktestDto {
  /** Key of the server. */
  server: string;
  /** First and last day, UTC. */
  from: string;
  to: string;
  seed: number;
  /** Percent of the price that a sale costs. */
  saleTaxPct: number;
  /** Percent of the asked price that listing costs. */
  listingFeePct: number;
  /** Items on which the rule was tried. */
  itemCount: number;
  tradeCount: number;
  /** Share of the trades with a gain; null without trades. */
  hitRatePct: number | null;
  /** Per trade after tax and fee; null without trades. */
  meanReturnPct: number | null;
  medianReturnPct: number | null;
  /** Of equal stakes, percent of what the most positions of one day needed. */
  totalReturnPct: number;
  /** Deepest fall of the equity below its highest before, percent; above 100 where losses exceeded the capital. */
  maxDrawdownPct: number;
  /** Share of the days on which anything was held. */
  exposurePct: number;
  /** Positions on the day with the most. */
  mostHeldCount: number;
  /** Null without trades. */
  @ApiProperty({ type: RandomBuyingDto, nullable: true })
  random: RandomBuyingDto | null;
  /** The first 200, oldest first. */
  trades: BacktestTradeDto[];
}
