import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { FLAG_REASONS, type FlagReason, type Verdict, VERDICTS } from './flag-rule.js';

const VERDICTS_AND_OPEN = ['open', ...VERDICTS] as const;

export class FlagsQueryDto extends PageQueryDto {
  /** Flags of this item alone. */
  @ApiPropertyOptional({ minimum: 1, maximum: 2_147_483_647 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  itemId?: number;

  /** Flags for this reason alone. */
  @ApiPropertyOptional({ enum: FLAG_REASONS })
  @IsOptional()
  @IsIn(FLAG_REASONS)
  reason?: FlagReason;

  /** Flags with this verdict alone; `open` are those that no curator has looked at. */
  @ApiPropertyOptional({ enum: VERDICTS_AND_OPEN })
  @IsOptional()
  @IsIn(VERDICTS_AND_OPEN)
  verdict?: Verdict | 'open';
}

export class FlagVerdictDto {
  /** `cleared`: the price was real; `confirmed`: it was not; `open`: takes either back. */
  @ApiProperty({ enum: VERDICTS_AND_OPEN })
  @IsIn(VERDICTS_AND_OPEN)
  verdict: Verdict | 'open';
}

/** A suspicious observation. It stays in the history; medians leave it out unless it is cleared. */
export class FlagDto {
  observationId: number;
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
  /** When the price was seen, ISO-8601 UTC. */
  capturedAt: string;
  /** Price of ONE unit in the game's coin. */
  unitPrice: number;
  /** Name of the client that reported it. */
  source: string;
  /** The price was made up by the simulator. */
  isSimulated: boolean;
  /** Which way it is off, and from what: the level of its series, or the median of its day where the series has none. */
  @ApiProperty({ enum: FLAG_REASONS })
  reason: FlagReason;
  /** That level or median. */
  expectedPrice: number;
  /** Price over expected price. */
  ratio: number;
  flaggedAt: string;
  @ApiProperty({ enum: VERDICTS_AND_OPEN })
  verdict: Verdict | 'open';
  /** Account of the curator. */
  judgedBy: string | null;
  judgedAt: string | null;
}

/** Stored last first. */
export class FlagsDto {
  items: FlagDto[];
  nextCursor: string | null;
}
