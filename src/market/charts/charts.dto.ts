import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CHART_THEMES, type ChartTheme } from '../../platform/charts/chart-style.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { SpanQueryDto } from '../analytics/analytics.dto.js';

export class SparklineQueryDto extends SpanQueryDto {
  /** Pixels, 40 to 800 (160). */
  @ApiPropertyOptional({ default: 160, minimum: 40, maximum: 800 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(40)
  @Max(800)
  width: number = 160;

  /** Pixels, 16 to 400 (40). */
  @ApiPropertyOptional({ default: 40, minimum: 16, maximum: 400 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(16)
  @Max(400)
  height: number = 40;

  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';
}

export class ChartQueryDto extends SpanQueryDto {
  /** Pixels, 240 to 1,600 (800). */
  @ApiPropertyOptional({ default: 800, minimum: 240, maximum: 1600 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(240)
  @Max(1_600)
  width: number = 800;

  /** Pixels, 160 to 1,000 (320). */
  @ApiPropertyOptional({ default: 320, minimum: 160, maximum: 1000 })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(160)
  @Max(1_000)
  height: number = 320;

  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';
}
