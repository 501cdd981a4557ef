import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsUUID, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { TiedObjectDto } from '../locations/location-ties.dto.js';
import { PlaceTraitsDto } from '../locations/place-traits.dto.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { LinkFieldsDto } from '../links/link-fields.dto.js';

const MOST_SCENE = 200;

export class NewAppearanceDto extends LinkFieldsDto {
  /** Who or what appeared. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** In which scene of a session, 1 = the first. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SCENE })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_SCENE)
  scene?: number;

  /** How a place was for the time of this session, over what it usually is. */
  @ApiPropertyOptional({ type: PlaceTraitsDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => PlaceTraitsDto)
  traits?: PlaceTraitsDto;
}

export class AppearanceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: TiedObjectDto })
  object: TiedObjectDto;
  /** 1 = the first; null where none was told. */
  @ApiProperty({ type: 'integer', nullable: true })
  scene: number | null;
  note: string;
  @ApiProperty({ type: PlaceTraitsDto, nullable: true })
  traits: PlaceTraitsDto | null;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class AppearancePageDto {
  @ApiProperty({ type: [AppearanceDto] })
  items: AppearanceDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
