import { ApiProperty } from '@nestjs/swagger';
import { IsNumber, Max, Min } from 'class-validator';

/** What selling shall cost; both have to be given. */
export class TradeTermsChangeDto {
  /** Share of the price that the game takes from a sale, percent, 0 to 100. */
  @IsNumber()
  @Min(0)
  @Max(100)
  saleTaxPct: number;

  /** Share of the asked price that listing it costs, percent, 0 to 100; owed whether it sells or not. */
  @IsNumber()
  @Min(0)
  @Max(100)
  listingFeePct: number;
}

export class TradeTermsDto {
  /** Share of the price that the game takes from a sale, percent. */
  saleTaxPct: number;
  /** Share of the asked price that listing it costs, percent. */
  listingFeePct: number;
  /** Whose terms they are; `none` while nobody has said anything, which counts as no costs at all. */
  @ApiProperty({ enum: ['server', 'game', 'none'] })
  setFor: 'server' | 'game' | 'none';
  /** ISO-8601 UTC. */
  changedAt: string | null;
}

export class ServerTermsDto extends TradeTermsDto {
  /** Key of the server. */
  server: string;
}

export class GameTermsDto extends TradeTermsDto {
  /** Servers with terms of their own. */
  servers: ServerTermsDto[];
}
