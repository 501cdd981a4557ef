import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { EXPORT_FORMATS, type ExportFormat } from './export-run.js';

export class ExportRunQueryDto {
  /**
   * `gpx` (1.1: places, heights, heart rate, cadence, distance, pauses as segments), `tcx` (laps as well, no name) or `fit` (all to the second, no
   * name). Points without a place are in TCX and FIT only.
   */
  @ApiProperty({ enum: EXPORT_FORMATS })
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat;
}
