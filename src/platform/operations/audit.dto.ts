import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { NotBelow } from '../http/not-below.js';
import { INSTANT, NO_NUL } from '../database/text-forms.js';
import { PageQueryDto } from '../http/page-query.dto.js';

/** What was done to what. The person's part is null once it has been erased. */
export class AuditEventDto {
  id: number;
  at: string;
  /** `<domain>.<what was done>`, past tense. */
  action: string;
  objectType: string;
  objectId: string;
  /** The account whose matter it was. */
  subjectId: string | null;
  /** The account that did it. */
  actorId: string | null;
  /** Device session or API key. */
  sessionId: string | null;
  requestId: string | null;
  /** What of the state before is kept; secrets are hidden. */
  @ApiProperty({ nullable: true, type: 'object', additionalProperties: true })
  before: unknown;
  @ApiProperty({ nullable: true, type: 'object', additionalProperties: true })
  after: unknown;
  /** Place in the chain of seals; null for some seconds. */
  sealSeq: number | null;
}

export class AuditEventsDto {
  items: AuditEventDto[];
  nextCursor: string | null;
}

export class AuditQueryDto extends PageQueryDto {
  /** Only this action. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(NO_NUL)
  action?: string;

  /** Only things of this kind, such as `market.observation`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(NO_NUL)
  objectType?: string;

  /** Only the thing of this id. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(NO_NUL)
  objectId?: string;

  /** Only what this account did. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('loose')
  actorId?: string;

  /** Only this account's matters, whoever did it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('loose')
  subjectId?: string;

  /** Not before this instant (ISO 8601). */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(INSTANT)
  from?: string;

  /** Before this instant. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(INSTANT)
  @NotBelow('from')
  to?: string;
}
