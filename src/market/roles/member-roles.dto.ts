import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { MARKET_ROLES, type MarketRole } from './market-role.js';

export class MemberRoleChangeDto {
  /** A curator corrects and takes out observations of others. */
  @ApiProperty({ enum: MARKET_ROLES })
  @IsIn(MARKET_ROLES)
  role: MarketRole;
}

export class MemberRoleDto {
  accountId: string;
  @ApiProperty({ enum: MARKET_ROLES })
  role: MarketRole;
  givenAt: string;
}

export class MemberRolesDto {
  items: MemberRoleDto[];
  nextCursor: string | null;
}

export class MemberRolesQueryDto {
  /** 1 to 200. */
  @ApiPropertyOptional({ default: 50 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}
