import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { CHART_THEMES, type ChartTheme } from '../../platform/charts/chart-style.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { DISTANCE_UNITS, type DistanceUnits } from '../profiles/preferences.js';

export class RunThumbnailQueryDto {
  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';

  /** Pixels, 32 to 1,600 (240). */
  @ApiPropertyOptional({ default: 240, minimum: 32, maximum: 1600 })
  @QueryInt()
  @IsInt()
  @Min(32)
  @Max(1_600)
  width: number = 240;

  /** Pixels, 32 to 1,600 (240). */
  @ApiPropertyOptional({ default: 240, minimum: 32, maximum: 1600 })
  @QueryInt()
  @IsInt()
  @Min(32)
  @Max(1_600)
  height: number = 240;
}

export class RunCardQueryDto {
  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';

  /** Without it those of the caller's preferences. */
  @ApiPropertyOptional({ enum: DISTANCE_UNITS })
  @IsOptional()
  @IsIn(DISTANCE_UNITS)
  units?: DistanceUnits;
}

export class RunProfilePictureQueryDto extends RunCardQueryDto {
  /** Pixels, 320 to 1,600 (800). */
  @ApiPropertyOptional({ default: 800, minimum: 320, maximum: 1600 })
  @QueryInt()
  @IsInt()
  @Min(320)
  @Max(1_600)
  width: number = 800;

  /** Pixels, 200 to 1,000 (320). */
  @ApiPropertyOptional({ default: 320, minimum: 200, maximum: 1000 })
  @QueryInt()
  @IsInt()
  @Min(200)
  @Max(1_000)
  height: number = 320;
}

export class GapPictureQueryDto extends RunProfilePictureQueryDto {
  /** Without it the course. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  ghostId?: string;
}
