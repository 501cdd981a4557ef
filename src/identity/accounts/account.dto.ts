import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { ROLES, type Role } from '../../platform/auth/principal.js';
import { VISIBLE } from '../sessions/auth.dto.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { isGiven } from '../../platform/http/is-given.js';

const isNotNull = (_object: object, value: unknown): boolean => value !== null;

export class AccountDto {
  id: string;
  /** Null for an account that signs in elsewhere only. */
  email: string | null;
  displayName: string | null;
  @ApiProperty({ enum: ROLES })
  role: Role;
  /** Null while the address has not been proved. */
  emailVerifiedAt: string | null;
  /** The ETag's number. */
  version: number;
  createdAt: string;
  updatedAt: string;
}

export class AccountChangeDto {
  /** 1 to 100 characters; null for none. */
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: 100 })
  @ValidateIf(isNotNull)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  displayName: string | null;
}

export class AdminAccountDto extends AccountDto {
  lockedAt: string | null;
}

export class AdminAccountsDto {
  items: AdminAccountDto[];
  nextCursor: string | null;
}

export class AdminAccountsQueryDto extends PageQueryDto {
  /** Only the account of this address. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;
}

/** What is not given stays as it is. */
export class AdministrationDto {
  @ApiPropertyOptional({ enum: ROLES })
  @ValidateIf(isGiven)
  @IsIn(ROLES)
  role?: Role;

  /** A locked account cannot sign in and is signed out everywhere. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isLocked?: boolean;
}
