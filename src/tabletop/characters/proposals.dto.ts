import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { PROPOSAL_STATUSES, type ProposalStatus } from './proposal-statuses.js';

const MOST_REASON = 1_000;

export class ProposalsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: PROPOSAL_STATUSES })
  @IsOptional()
  @IsIn(PROPOSAL_STATUSES)
  status?: ProposalStatus;
}

export class ProposalRejectionDto {
  /** Why, up to 1,000 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_REASON })
  @ValidateIf(isGiven)
  @StorableText(MOST_REASON)
  reason?: string;
}

export class ProposalDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  characterId: string;
  /** Who proposes it. */
  @ApiProperty({ format: 'uuid' })
  userId: string;
  /** What would change: a JSON merge patch (RFC 7396) of the character. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  patch: object;
  /** How those places were when it was made. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  before: object;
  @ApiProperty({ enum: PROPOSAL_STATUSES })
  status: ProposalStatus;
  /** Of whoever decided. */
  reason: string;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  decidedAt: string | null;
}

export class ProposalPageDto {
  @ApiProperty({ type: [ProposalDto] })
  items: ProposalDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
