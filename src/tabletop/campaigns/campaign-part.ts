import type { Principal } from '../../platform/auth/principal.js';
import type { Seat } from './campaign-access.service.js';

// What each room puts into a campaign that is taken along. Every table with a campaign's rows is named by a part, or stands below with the reason why it
// stays here; a test compares both with the schema, so that a new table cannot be forgotten.

export interface PartPage {
  readonly items: readonly object[];
  /** Where the next page begins; null = there is none. */
  readonly next: string | null;
}

/** A provider with `@OffersPart(name, ...tables)`. */
export interface CampaignPart {
  /**
   * The next few, as the caller sees them: few enough to lie in memory, read in a transaction of their own.
   * @param after where the page before ended; null = from the beginning
   */
  page(caller: Principal, seat: Seat, after: string | null): Promise<PartPage>;
}

/** Before every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Tables of campaigns that nobody takes along, and why. */
export const STAYS_HERE: Readonly<Record<string, string>> = {
  invite: 'opens a seat on this server alone, and its code is known to nobody',
  discord_channel: 'its address is a key to somebody’s channel: whoever moves gives it anew',
  saved_search: 'is one member’s own, and in that person’s export',
  recent_search: 'is one member’s own, and in that person’s export',
  secret_key: 'finds secrets here, and is made anew where there is none',
  secret_token: 'finds secrets here, and is made anew from them',
  indexed_campaign: 'is how far a search server has followed this one',
  object_vector: 'is made of the texts by a model of this server',
  table_deck: 'is how far this server has dealt a table: elsewhere it is shuffled anew',
};

/** @param rows those of a page, in the order of their keys; none = the end */
export function partPage<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  toItem: (row: Row) => object,
): PartPage {
  const last = rows.at(-1);
  return { items: rows.map(toItem), next: last === undefined ? null : keyOf(last) };
}
