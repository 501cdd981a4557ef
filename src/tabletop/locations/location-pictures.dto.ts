import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CHART_THEMES, type ChartTheme } from '../../platform/charts/chart-style.js';
import { QueryInt } from '../../platform/http/query-int.js';

export class LocationPictureQueryDto {
  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';

  /** Pixels, 320 to 2,000 (800). */
  @ApiPropertyOptional({ default: 800, minimum: 320, maximum: 2000 })
  @QueryInt()
  @IsInt()
  @Min(320)
  @Max(2_000)
  width: number = 800;

  /** Pixels, 240 to 2,000 (600). */
  @ApiPropertyOptional({ default: 600, minimum: 240, maximum: 2000 })
  @QueryInt()
  @IsInt()
  @Min(240)
  @Max(2_000)
  height: number = 600;
}
