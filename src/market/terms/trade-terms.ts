/** What selling costs on a server of a game. */
export interface TradeTerms {
  /** Share of the price that the game takes from a sale, in percent, 0 to 100. */
  saleTaxPct: number;
  /** Share of the asked price that listing it costs, in percent, 0 to 100; owed whether it sells or not. */
  listingFeePct: number;
}

export const NO_TERMS: TradeTerms = Object.freeze({ saleTaxPct: 0, listingFeePct: 0 });

/** What the seller keeps of a price, in the game's coin; never below zero. */
export function netOfSale(price: number, { saleTaxPct, listingFeePct }: TradeTerms): number {
  return Math.max(0, price * (1 - (saleTaxPct + listingFeePct) / 100));
}
