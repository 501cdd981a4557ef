import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsEmail, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../accounts/password-rules.js';

/** Names hold no control characters: they are shown and logged. */
export const VISIBLE = /^[^\p{Cc}\p{Cs}]*$/u;

export class RegisterDto {
  /** In ASCII, at most 254 characters; upper and lower case are the same. */
  @ApiProperty({ format: 'email' })
  @IsEmail()
  @MaxLength(254)
  email: string;

  /** 8 to 1024 characters, any of them, taken as they are. */
  @IsString()
  @MinLength(MIN_PASSWORD_LENGTH)
  @MaxLength(MAX_PASSWORD_LENGTH)
  password: string;

  /** How the account is called, 1 to 100 characters. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  displayName?: string;
}

export class SignInDto {
  @IsString()
  @MaxLength(254)
  email: string;

  @IsString()
  @MinLength(1)
  @MaxLength(MAX_PASSWORD_LENGTH)
  password: string;

  /** How the device is called in the list of sessions, 1 to 100 characters. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  deviceName?: string;
}

export class RefreshDto {
  @IsString()
  @MaxLength(200)
  refreshToken: string;
}

export class EmailDto {
  @ApiProperty({ format: 'email' })
  @IsString()
  @MaxLength(254)
  email: string;
}

export class CodeDto {
  /** From the mail. */
  @IsString()
  @MaxLength(200)
  code: string;
}

export class PasswordResetDto {
  /** From the mail. */
  @IsString()
  @MaxLength(200)
  code: string;

  /** 8 to 1024 characters. */
  @IsString()
  @MinLength(MIN_PASSWORD_LENGTH)
  @MaxLength(MAX_PASSWORD_LENGTH)
  newPassword: string;
}

export class PasswordChangeDto {
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_PASSWORD_LENGTH)
  currentPassword: string;

  /** 8 to 1024 characters. */
  @IsString()
  @MinLength(MIN_PASSWORD_LENGTH)
  @MaxLength(MAX_PASSWORD_LENGTH)
  newPassword: string;

  /** Signs out all other devices. */
  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  endOtherSessions: boolean = false;
}

/** The password, where the account has one, and the second factor, where it has one. */
export class ProofDto {
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_PASSWORD_LENGTH)
  password?: string;

  /** Six digits of the authenticator app. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  code?: string;

  /** Instead of a code. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  recoveryCode?: string;
}

export class AccessTokenDto {
  /** For `Authorization: Bearer`. A JWT; its keys are at /.well-known/jwks.json. */
  accessToken: string;
  tokenType: 'Bearer';
  /** Seconds. */
  expiresInS: number;
}

export class TokensDto extends AccessTokenDto {
  /** Works once; each refresh gives the next one. */
  refreshToken: string;
  sessionId: string;
  /** When the device is signed out if nothing refreshes it before. */
  sessionExpiresAt: string;
}

/** The first step of a sign-in to an account with a second factor. */
export class ChallengeDto {
  isSecondFactorNeeded: true;
  /** For `sign-in/second-factor`; opens nothing by itself. */
  challengeToken: string;
  /** Seconds. */
  expiresInS: number;
}

export class TicketDto {
  /** For one WebSocket, in its subprotocol. */
  ticket: string;
  /** Seconds. */
  expiresInS: number;
}

export class SessionDto {
  id: string;
  deviceName: string | null;
  userAgent: string | null;
  /** Network from which it signed in. */
  ipPrefix: string | null;
  createdAt: string;
  /** Last sign-in or refresh. */
  lastUsedAt: string;
  expiresAt: string;
  /** The one that asks. */
  isCurrent: boolean;
}

export class SessionsDto {
  /** Most recently used first. */
  items: SessionDto[];
}
