import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { CHARACTER_EXPORTS, type CharacterExportFormat } from './character-exports.service.js';

export class CharacterExportQueryDto {
  /** `foundry`: an actor of its dnd5e system; `json`: a file of our own (json). */
  @ApiPropertyOptional({ enum: CHARACTER_EXPORTS, default: 'json' })
  @ValidateIf(isGiven)
  @IsIn(CHARACTER_EXPORTS)
  format: CharacterExportFormat = 'json';
}
