import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsUUID, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignObjectDto, NewObjectDto, ObjectChangeDto } from '../objects/objects.dto.js';
import { MOST_DAY } from './game-calendar.js';
import { IsRealDate } from './is-real-date.decorator.js';

export class WorldEventDetailsChangeDto {
  /** Day of the campaign's calendar on which it begins. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  day?: number | null;

  /** Day on which it ends, not before that. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  endDay?: number | null;

  /** Day of the players' world that it belongs to. */
  @ApiPropertyOptional({ type: String, format: 'date', nullable: true })
  @ValidateIf(isSaid)
  @IsRealDate()
  onDate?: string | null;

  /** Whether it has happened (false). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isOver?: boolean;
}

export class WorldEventChangeDto extends ObjectChangeDto {
  @ApiPropertyOptional({ type: WorldEventDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => WorldEventDetailsChangeDto)
  details?: WorldEventDetailsChangeDto;

  /** The place where it happens; null = nowhere in particular. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  parentId?: string | null;
}

export class NewWorldEventDto extends NewObjectDto {
  @ApiPropertyOptional({ type: WorldEventDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => WorldEventDetailsChangeDto)
  details?: WorldEventDetailsChangeDto;

  /** The place where it happens; null = nowhere in particular. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  parentId?: string | null;
}

export class WorldEventDetailsDto {
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  endDay: number | null;
  /** The first day in the words of the calendar. */
  @ApiProperty({ type: String, nullable: true })
  dayText: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  onDate: string | null;
  isOver: boolean;
}

export class WorldEventDto extends CampaignObjectDto {
  @ApiProperty({ type: WorldEventDetailsDto })
  details: WorldEventDetailsDto;
}

export class WorldEventPageDto {
  @ApiProperty({ type: [WorldEventDto] })
  items: WorldEventDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class WorldEventsQueryDto extends PageQueryDto {
  /** At this place. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  locationId?: string;
}
