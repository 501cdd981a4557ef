import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';

export class StockServerQueryDto {
  /** Key of the server on which the bank stands. */
  @ApiProperty()
  @IsString()
  @MaxLength(255)
  server: string;
}

export class StockQueryDto extends PageQueryDto {
  /** Key of the server on which the bank stands. */
  @ApiProperty()
  @IsString()
  @MaxLength(255)
  server: string;
}

export class StockLineDto {
  /** The game's own id. */
  externalId: number;
  /** Null, like `label`, while the catalogue does not know the id. */
  itemId: number | null;
  label: string | null;
  quantity: number;
  /** When it was last seen there. */
  capturedAt: string;
  /** Newest price of one unit on the server; null where it has not been seen. */
  unitPrice: number | null;
  /** All of them at that price. */
  value: number | null;
}

export class StockTotalsDto {
  /** Different things. */
  count: number;
  quantity: number;
  /** Things that the catalogue does not know. */
  unknownCount: number;
  /** Things with a price. */
  pricedCount: number;
  /** What those come to. */
  value: number;
}

export class StockDto {
  /** By the game's ids. */
  items: StockLineDto[];
  nextCursor: string | null;
  /** Of all pages. */
  totals: StockTotalsDto;
}

export class StockChangeDto {
  /** Things that were not there before; this and the next two count what the catalogue knows. */
  insertedCount: number;
  /** Things of which there are more or fewer now. */
  updatedCount: number;
  /** Things that are gone. */
  deletedCount: number;
  /** The game's ids that the catalogue does not know: kept, and named once it does. */
  unknownIds: number[];
}
