import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { OBJECT_KINDS, type ObjectKind, VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { MOST_DAY } from '../timeline/game-calendar.js';
import { LinkFieldsDto } from '../links/link-fields.dto.js';

export class NewLocationTieDto extends LinkFieldsDto {
  /** What is tied to the place: of the kind that the route is about. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  objectId: string;

  /** Day of the campaign's calendar, of a visit. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  day?: number;
}

export class TiedObjectDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: OBJECT_KINDS })
  kind: ObjectKind;
  name: string;
}

export class LocationTieDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: TiedObjectDto })
  object: TiedObjectDto;
  note: string;
  /** Day of the campaign's calendar; null where none was told. */
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class LocationTiePageDto {
  @ApiProperty({ type: [LocationTieDto] })
  items: LocationTieDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
