import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsUUID, Matches, Max, Min, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEAT_ROLES, type SeatRole } from '../campaigns/campaign-kinds.js';

export const MOST_DISPLAY_NAME = 60;
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const MOST_INVITE_S = 90 * DAY_S;
const MOST_GRANT_S = 365 * DAY_S;
const MOST_USES = 100;

export class CampaignMemberDto {
  @ApiProperty({ format: 'uuid' })
  userId: string;
  @ApiProperty({ enum: SEAT_ROLES })
  role: SeatRole;
  displayName: string;
  @ApiProperty({ format: 'date-time' })
  joinedAt: string;
}

export class CampaignMembersDto {
  /** Game masters first, then by name. */
  @ApiProperty({ type: [CampaignMemberDto] })
  items: CampaignMemberDto[];
}

export class CampaignMemberChangeDto {
  /** By a game master. Holds from the member's next call on. */
  @ApiPropertyOptional({ enum: SEAT_ROLES })
  @ValidateIf(isGiven)
  @IsIn(SEAT_ROLES)
  role?: SeatRole;

  /** By the member or a game master: as the others call them, 1 to 60 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_DISPLAY_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_DISPLAY_NAME)
  displayName?: string;
}

export class NewInviteDto {
  @ApiProperty({ enum: SEAT_ROLES })
  @IsIn(SEAT_ROLES)
  role: SeatRole;

  /** How many may take a seat by it, 1 to 100 (1). */
  @ApiPropertyOptional({ type: 'integer', default: 1, minimum: 1, maximum: MOST_USES })
  @IsInt()
  @Min(1)
  @Max(MOST_USES)
  mostUses: number = 1;

  /** Seconds for which it holds, an hour to 90 days (7 days). */
  @ApiPropertyOptional({ type: 'integer', default: 7 * DAY_S, minimum: HOUR_S, maximum: MOST_INVITE_S })
  @IsInt()
  @Min(HOUR_S)
  @Max(MOST_INVITE_S)
  validForS: number = 7 * DAY_S;
}

export class InviteDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: SEAT_ROLES })
  role: SeatRole;
  @ApiProperty({ type: 'integer' })
  mostUses: number;
  @ApiProperty({ type: 'integer' })
  uses: number;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  expiresAt: string;
}

export class MadeInviteDto extends InviteDto {
  /** Whoever knows it may take a seat. Told once: its digest alone is kept. */
  code: string;
}

export class InvitesDto {
  @ApiProperty({ type: [InviteDto] })
  items: InviteDto[];
}

export class AcceptInviteDto {
  /** As it was told, in upper or lower case, with or without dashes. */
  @ApiProperty({ pattern: '^[A-Za-z0-9-]{8,40}$' })
  @Matches(/^[A-Za-z0-9-]{8,40}$/)
  code: string;

  /** As the others of the table shall call one, 1 to 60 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_DISPLAY_NAME })
  @StorableText(MOST_DISPLAY_NAME)
  displayName: string;
}

export const GRANT_LEVELS = ['read', 'write'] as const;

export class NewGrantDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** A member of the campaign. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  userId: string;

  @ApiProperty({ enum: GRANT_LEVELS })
  @IsIn(GRANT_LEVELS)
  level: 'read' | 'write';

  /** Seconds for which it holds, a minute to a year (a day). */
  @ApiPropertyOptional({ type: 'integer', default: DAY_S, minimum: 60, maximum: MOST_GRANT_S })
  @IsInt()
  @Min(60)
  @Max(MOST_GRANT_S)
  validForS: number = DAY_S;
}

export class GrantDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  objectId: string;
  @ApiProperty({ format: 'uuid' })
  userId: string;
  @ApiProperty({ enum: GRANT_LEVELS })
  level: 'read' | 'write';
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ format: 'date-time' })
  expiresAt: string;
}

export class GrantsQueryDto extends PageQueryDto {
  /** Of one object alone. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  objectId?: string;
}

export class GrantPageDto {
  @ApiProperty({ type: [GrantDto] })
  items: GrantDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
