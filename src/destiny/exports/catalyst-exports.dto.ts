import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { CatalystDto, DestinyAgeDto } from '../catalysts/catalysts.dto.js';

export const EXPORT_FORMATS = ['json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export class ExportQueryDto {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'json' })
  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat = 'json';
}

/** Every catalyst, by the weapon's name. */
export class CatalystsExportDto extends DestinyAgeDto {
  @ApiProperty({ type: [CatalystDto] })
  items: CatalystDto[];
}

export class ExportedMoveDto {
  /** When Bungie made it. */
  @ApiProperty({ format: 'date-time' })
  at: string;
  @ApiProperty({ type: 'integer' })
  recordHash: number;
  @ApiProperty({ type: String, nullable: true })
  weaponName: string | null;
  @ApiProperty({ type: 'integer' })
  objectiveHash: number;
  @ApiProperty({ type: String, nullable: true })
  objective: string | null;
  /** Not above the target. */
  @ApiProperty({ type: 'integer' })
  progress: number;
  @ApiProperty({ type: 'integer' })
  target: number;
  isComplete: boolean;
  /** Of all characters by then. */
  @ApiProperty({ type: 'integer' })
  minutesPlayed: number;
}

export class MovesExportDto {
  /** Oldest first. */
  @ApiProperty({ type: [ExportedMoveDto] })
  items: ExportedMoveDto[];
}
