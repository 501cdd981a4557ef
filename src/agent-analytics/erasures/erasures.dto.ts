import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';

const ERASED_KINDS = ['session', 'player'] as const;

export class NewErasureDto {
  /** Name of a project in the settings; the first one without it. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  project?: string;

  @ApiProperty({ enum: ERASED_KINDS })
  @IsIn(ERASED_KINDS)
  kind: (typeof ERASED_KINDS)[number];

  /** Langfuse's id of the session, or its user id of the player. */
  @IsString()
  @MaxLength(500)
  @Matches(STORABLE, SEEN_AND_STORED)
  id: string;
}

export class ErasureDto {
  @ApiProperty({ enum: ERASED_KINDS })
  kind: (typeof ERASED_KINDS)[number];
  /** It was erased before; whatever is counted had come since. */
  isRepeated: boolean;
  sessionCount: number;
  traceCount: number;
  /** Rows of texts that were deleted. */
  textCount: number;
}
