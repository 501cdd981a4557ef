import { PriceDto } from './prices.dto.js';

/** The price of an item on one server, and how far it may be trusted. */
export class PriceFiguresDto {
  /** Price of ONE unit in the game's coin, as it was seen last. */
  unitPrice: number;
  /** When it was seen, ISO-8601 UTC. */
  capturedAt: string;
  /** Seconds from then to the moment that was asked for. */
  ageS: number;
  /** Number of listings seen, not a traded quantity; null where the raw month has been archived. */
  lots: number | null;
  /** Name of the client that reported it; null where the raw month has been archived. */
  source: string | null;
  /** The price was made up by the simulator; null where the raw month has been archived. */
  isSimulated: boolean | null;
  /** It is far from what its series says, and no curator has cleared it. */
  isFlagged: boolean;
  /** Median of the daily medians of the last 7 days and today; null when it was not seen on any of them. */
  median7d: number | null;
  /** Lowest price of the same days, absurd ones left out. */
  low7d: number | null;
  /** Observations in the last 30 days and today. */
  n30d: number;
  /** 0 to 1: by number, days and age of the observations of those 30 days. */
  confidence: number;
}

export class ServerPriceDto extends PriceFiguresDto {
  /** Key of the server. */
  server: string;
}

export class ItemPricesDto {
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
  /** Servers on which it has a price, by key. */
  prices: ServerPriceDto[];
}

export class GamePricesDto {
  /** Key of the game. */
  game: string;
  /** The moment that was asked for, ISO-8601 UTC; what was seen later does not count. */
  asOf: string;
  /** By id; items without a price on any of the servers are left out. */
  items: ItemPricesDto[];
}

export class DetailedPriceDto
  extends PriceFiguresDto
  implements Omit<PriceDto, 'lots' | 'source' | 'isSimulated'>
{
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
}

/** Prices with what speaks for them. */
export class DetailedPricesDto {
  /** Key of the server. */
  server: string;
  /** The moment that was asked for, ISO-8601 UTC; what was seen later does not count. */
  asOf: string;
  /** Items that were asked for and have no price are left out. */
  items: DetailedPriceDto[];
}
