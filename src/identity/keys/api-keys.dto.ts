import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { type Permission, PERMISSIONS } from '../../platform/auth/principal.js';
import { VISIBLE } from '../sessions/auth.dto.js';

export class NewApiKeyDto {
  /** What it is for, 1 to 100 characters. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  name: string;

  /** What it may do; no more than its account. */
  @ApiProperty({ enum: PERMISSIONS, isArray: true, minItems: 1, uniqueItems: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(PERMISSIONS.length)
  @ArrayUnique()
  @IsIn(PERMISSIONS, { each: true })
  scopes: Permission[];

  /** When it ends, in the future; never, if it is not given or null. */
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  @IsISO8601({ strict: true, strictSeparator: true })
  expiresAt?: string | null;
}

export class ApiKeyDto {
  id: string;
  name: string;
  /** How the key begins. */
  prefix: string;
  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  scopes: Permission[];
  expiresAt: string | null;
  /** Exact to a minute or so. */
  lastUsedAt: string | null;
  createdAt: string;
}

export class CreatedApiKeyDto extends ApiKeyDto {
  /** For `Authorization: Bearer`; shown once. */
  key: string;
}

export class ApiKeysDto {
  /** Newest first; at most fifty. */
  items: ApiKeyDto[];
}
