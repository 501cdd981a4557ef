import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class AuthorizeDto {
  /** Where the browser goes in the end: one of APP_RETURN_URLS. Without it a page says how it went. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  returnTo?: string;
}

export class AuthorizationDto {
  /** The provider's page; to be opened in a browser within ten minutes. */
  url: string;
  /** Seconds. */
  expiresInS: number;
}

export class CompletionDto {
  /** What the app was given at the end of the way. */
  @IsString()
  @MaxLength(200)
  code: string;
}

export class ConnectionDto {
  provider: string;
  /** `needs-sign-in`: the provider has taken its permission back; connect again. */
  state: 'none' | 'connected' | 'needs-sign-in';
  /** As the provider has granted them. */
  scopes: string[];
  /** What the provider calls the account, where it says so. */
  subject: string | null;
  connectedAt: string | null;
}

export class ConnectionsDto {
  items: ConnectionDto[];
}
