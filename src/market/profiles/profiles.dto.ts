import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { STORABLE } from '../../platform/http/storable.js';

export class NewProfileDto {
  /** 1 to 100 characters; spaces around it are cut off. No two profiles of an account have the same. */
  @ApiProperty({ minLength: 1, maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, { message: 'must be text that can be seen and stored' })
  name: string;
}

export class ProfileDto {
  id: string;
  name: string;
  /** Counts changes of the profile itself; `If-Match: "<version>"` keeps a change from overwriting another one. */
  version: number;
  createdAt: string;
}

export class ProfilesDto {
  /** By name. */
  items: ProfileDto[];
  nextCursor: string | null;
}

export class FavouriteDto {
  itemId: number;
  /** The game's own id; null for an item seen by name only. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
}

export class FavouritesDto {
  /** By name. */
  items: FavouriteDto[];
  nextCursor: string | null;
}

/** A page of items by name, whose cursor holds a name. */
export class FavouritesQueryDto extends PageQueryDto {
  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  declare cursor?: string;
}
