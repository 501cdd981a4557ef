import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsNumber, IsPositive, Max, Min, ValidateIf } from 'class-validator';
import { MAX_LOTS, MAX_UNIT_PRICE } from '../ingest/observation.js';
import { isGiven } from '../../platform/http/is-given.js';

/** What of an observation is corrected; at least one of the two. */
export class ObservationChangeDto {
  /** Price of ONE unit in the game's coin, above 0, at most 1e12. */
  // The Swagger plugin takes IsPositive for a minimum of 1.
  @ApiPropertyOptional({ minimum: 0 })
  @ValidateIf(isGiven)
  @IsNumber()
  @IsPositive()
  @Max(MAX_UNIT_PRICE)
  unitPrice?: number;

  /** Number of listings seen, 1 to 1,000,000. */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_LOTS)
  lots?: number;
}
