import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
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
