import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { AuthorizeDto } from '../connections/connections.dto.js';
import { VISIBLE } from '../sessions/auth.dto.js';

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export class SignInStartDto extends AuthorizeDto {
  /** S256 of a verifier that the app keeps (RFC 7636): base64url of its SHA-256, 43 characters. */
  @ApiProperty({ pattern: CHALLENGE.source })
  @IsString()
  @Matches(CHALLENGE)
  codeChallenge: string;
}

export class ExchangeDto {
  /** What the app was given at the end of the way. */
  @IsString()
  @MaxLength(200)
  code: string;

  /** Of the challenge with which it began, 43 to 128 characters. */
  @ApiProperty({ pattern: VERIFIER.source })
  @IsString()
  @Matches(VERIFIER)
  codeVerifier: string;

  /** How the device is called in the list of sessions, 1 to 100 characters. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  deviceName?: string;
}

export class IdentityDto {
  id: string;
  /** By which one signs in; null for an issuer whose tokens are taken as they are. */
  provider: string | null;
  issuer: string;
  /** As the issuer said when it was linked. */
  email: string | null;
  createdAt: string;
}

export class IdentitiesDto {
  /** Oldest first. */
  items: IdentityDto[];
}
