import { ApiProperty } from '@nestjs/swagger';
import { FLAG_REASONS, type FlagReason } from '../flags/flag-rule.js';

/** The newest observed price of an item on a server. */
export class PriceDto {
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
  /** Price of ONE unit in the game's coin. */
  unitPrice: number;
  /** When it was seen, ISO-8601 UTC. */
  capturedAt: string;
  /** Number of listings seen, not a traded quantity. */
  lots: number;
  /** Name of the client that reported it. */
  source: string;
  /** The price was made up by the simulator. */
  isSimulated: boolean;
}

export class PricesDto {
  /** Key of the server. */
  server: string;
  /** Items that were asked for and have no price are left out. */
  items: PriceDto[];
}

export class ObservationDto {
  id: number;
  capturedAt: string;
  unitPrice: number;
  lots: number;
  source: string;
  /** The price was made up by the simulator. */
  isSimulated: boolean;
}

export class SeriesObservationDto extends ObservationDto {
  /** The price is far from what the series says, and no curator has cleared it: medians leave it out. */
  isFlagged: boolean;
  /** Which way it is off, and from what. */
  @ApiProperty({ enum: FLAG_REASONS, nullable: true, type: String })
  flagReason: FlagReason | null;
}

/** Raw observations, oldest first. */
export class SeriesDto {
  items: SeriesObservationDto[];
  nextCursor: string | null;
}
