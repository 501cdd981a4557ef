import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import {
  CampaignObjectDto,
  MOST_OBJECT_NAME,
  NewObjectDto,
  ObjectChangeDto,
} from '../objects/objects.dto.js';
import { MOST_FORMULA_LENGTH } from './formula.js';
import { MOST_ROWS, MOST_TEXT_LENGTH, MOST_WEIGHT } from './random-table.js';
import { TABLE_FORMATS, type TableFormat } from './table-lines.js';

export const MOST_SEED = 200;
const MOST_ROLLS = 100;
const MOST_FILE = 1_000_000;
const MOST_SUM = 1_000_000;

export class TableRowDto {
  /**
   * Up to 2,000 characters. Pieces in braces are worked out: `{2d6+$level}` dice, numbers and variables, `{@Other table}` what another table says,
   * `{1d4@Gems}` the same so many times; `{{` and `}}` are braces.
   */
  @ApiProperty({ maxLength: MOST_TEXT_LENGTH })
  @IsString()
  @MaxLength(MOST_TEXT_LENGTH)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  text: string;

  /** How often among the others, 1 to 1,000,000 (1). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_WEIGHT })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_WEIGHT)
  weight?: number;

  /** Of a table with dice: the least sum that the row stands for. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_SUM, maximum: MOST_SUM })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(-MOST_SUM)
  @Max(MOST_SUM)
  low?: number;

  /** Of a table with dice: the greatest sum. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_SUM, maximum: MOST_SUM })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(-MOST_SUM)
  @Max(MOST_SUM)
  high?: number;

  /** The row takes part where this is true: `$level >= 5 and $terrain in ("forest", "swamp")`. */
  @ApiPropertyOptional({ maxLength: MOST_FORMULA_LENGTH })
  @ValidateIf(isGiven)
  @StorableText(MOST_FORMULA_LENGTH)
  when?: string;
}

/** What finds the row of a roll. */
class RollingFieldsDto {
  /** Dice that find the row, such as `2d6`: then rows have ranges in place of weights. null = by weights. */
  @ApiPropertyOptional({ type: String, maxLength: 40, nullable: true })
  @ValidateIf(isSaid)
  @StorableText(40)
  dice?: string | null;

  /** No row again before all have come (false). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isDeck?: boolean;

  /** Numbers, texts and truths by name that a roll has where it is given none; at most 50. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @ValidateIf(isGiven)
  @IsObject()
  variables?: Record<string, string | number | boolean>;
}

export class RandomTableChangeDto extends IntersectionType(ObjectChangeDto, RollingFieldsDto) {
  /** Up to 1,000. */
  @ApiPropertyOptional({ type: [TableRowDto], minItems: 1, maxItems: MOST_ROWS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ROWS)
  @ValidateNested({ each: true })
  @Type(() => TableRowDto)
  rows?: TableRowDto[];
}

export class NewRandomTableDto extends IntersectionType(NewObjectDto, RollingFieldsDto) {
  /** Up to 1,000. */
  @ApiProperty({ type: [TableRowDto], minItems: 1, maxItems: MOST_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ROWS)
  @ValidateNested({ each: true })
  @Type(() => TableRowDto)
  rows: TableRowDto[];
}

export class RandomTableDto extends CampaignObjectDto {
  /** Tables that the caller does not see stand in their texts as `{@?}`. */
  @ApiProperty({ type: [TableRowDto] })
  rows: TableRowDto[];
  @ApiProperty({ type: String, nullable: true })
  dice: string | null;
  isDeck: boolean;
  @ApiProperty({ type: 'object', additionalProperties: true })
  variables: Record<string, unknown>;
}

export class RandomTableSummaryDto extends CampaignObjectDto {
  @ApiProperty({ type: 'integer' })
  rowCount: number;
  @ApiProperty({ type: String, nullable: true })
  dice: string | null;
  isDeck: boolean;
}

export class RandomTablePageDto {
  @ApiProperty({ type: [RandomTableSummaryDto] })
  items: RandomTableSummaryDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RollWishDto {
  /**
   * Up to 200 characters: the same one gives the same results as long as the tables are the same; decks are full then and stay as they are.
   * Without it chance decides, and what is drawn from a deck is out.
   */
  @ApiPropertyOptional({ maxLength: MOST_SEED })
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(MOST_SEED)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  seed?: string;

  /** Values of `$name` in conditions and results, by name; at most 50. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @ValidateIf(isGiven)
  @IsObject()
  variables?: Record<string, string | number | boolean>;

  /** How many results, 1 to 100 (1). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_ROLLS, default: 1 })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_ROLLS)
  count?: number;
}

export class ThrownDiceDto {
  /** As they are written: `4d6kh3`. */
  dice: string;
  /** In the order in which they fell, with those that were dropped. */
  @ApiProperty({ type: [Number] })
  faces: number[];
  total: number;
}

export class RolledRowDto {
  @ApiProperty({ format: 'uuid' })
  tableId: string;
  tableName: string;
  /** Its place in the table, from 0. */
  @ApiProperty({ type: 'integer' })
  row: number;
  /** 0 = the table that was rolled, 1 = one that it asked. */
  @ApiProperty({ type: 'integer' })
  depth: number;
  @ApiProperty({ type: [ThrownDiceDto] })
  thrown: ThrownDiceDto[];
}

export class TableResultDto {
  text: string;
  /** Which rows it came from, of the tables that the caller sees. */
  @ApiProperty({ type: [RolledRowDto] })
  rows: RolledRowDto[];
}

export class TableRollDto {
  /** With it the same results come again. */
  seed: string;
  /** Of the rules that rolled. */
  @ApiProperty({ type: 'integer' })
  engineVersion: number;
  @ApiProperty({ type: [TableResultDto] })
  results: TableResultDto[];
}

export class OddsQueryDto {
  /** Values of variables as JSON: `{"level":5}`. */
  @ApiPropertyOptional({ maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  variables?: string;
}

export class ChanceDto {
  /** Whole number as text: `parts` of `whole` equally likely cases. */
  parts: string;
  whole: string;
  /** The same as a number, 0 to 1. */
  ratio: number;
}

export class RowOddsDto extends ChanceDto {
  /** Its place, from 0. */
  @ApiProperty({ type: 'integer' })
  row: number;
  text: string;
}

export class ResultOddsDto extends ChanceDto {
  /** Dice within it stay as they are written, and tables that the caller does not see are `{@?}`. */
  text: string;
}

export class TableOddsDto {
  /** Of a deck, of its first card. */
  @ApiProperty({ type: [RowOddsDto] })
  rows: RowOddsDto[];
  /** Of whole results through tables within tables, likeliest first; null where there are more than a thousand. */
  @ApiProperty({ type: [ResultOddsDto], nullable: true })
  results: ResultOddsDto[] | null;
}

export class TableImportDto {
  /** `csv` by the names of its columns, `json` ours, a list or Foundry's, `list` one result per line. */
  @ApiProperty({ enum: TABLE_FORMATS })
  @IsIn(TABLE_FORMATS)
  format: TableFormat;

  /** The file, up to 1,000,000 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_FILE })
  @StorableText(MOST_FILE)
  content: string;

  /** Of a table that the file gives no name, 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  name: string;

  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;
}

export class TableImportNoteDto {
  /** Of the file, from 1; of JSON the place of the row. */
  @ApiProperty({ type: 'integer' })
  line: number;
  code: string;
  detail: string;
}

export class ImportedTableDto {
  /** Null where the table could not be taken over; its notes say why. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  id: string | null;
  name: string;
  @ApiProperty({ type: 'integer' })
  rowCount: number;
  @ApiProperty({ type: [TableImportNoteDto] })
  notes: TableImportNoteDto[];
}

export class TableImportReportDto {
  @ApiProperty({ type: [ImportedTableDto] })
  tables: ImportedTableDto[];
}
