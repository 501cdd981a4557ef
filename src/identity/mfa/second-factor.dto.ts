import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { VISIBLE } from '../sessions/auth.dto.js';

export class TotpStatusDto {
  isEnabled: boolean;
  confirmedAt: string | null;
  recoveryCodesLeft: number;
}

export class TotpEnrolmentDto {
  /** Base32; shown once. */
  secret: string;
  /** The same for a QR code. */
  otpauthUri: string;
}

export class TotpCodeDto {
  /** Six digits of the app. */
  @IsString()
  @MinLength(6)
  @MaxLength(20)
  code: string;
}

export class RecoveryCodesDto {
  /** Ten, each for one use instead of a code of the app; shown once. */
  recoveryCodes: string[];
}

/** One of the two. */
export class SecondFactorDto {
  /** As the first step gave it. */
  @IsString()
  @MaxLength(200)
  challengeToken: string;

  /** Six digits of the app. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  code?: string;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  recoveryCode?: string;

  /** How the device is called in the list of sessions, 1 to 100 characters. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(VISIBLE)
  deviceName?: string;
}
