import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsInt,
  IsNumber,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';

const MOST_NAME = 200;
const MOST_NOTES = 5_000;
const MOST_QUANTITY = 1_000_000;
const MOST_WORTH = 1_000_000_000_000;

class InventoryFieldsDto {
  /** How many, 1 to a million (1). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_QUANTITY })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_QUANTITY)
  quantity?: number;

  /** Worn or held (false). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isEquipped?: boolean;

  /** Of one of them, in pounds; null = nobody knows. */
  @ApiPropertyOptional({ type: 'number', nullable: true, minimum: 0, maximum: MOST_QUANTITY })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(0)
  @Max(MOST_QUANTITY)
  weightLb?: number | null;

  /** Of one of them, in copper pieces; null = nobody knows. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 0, maximum: MOST_WORTH })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(0)
  @Max(MOST_WORTH)
  valueCp?: number | null;

  /** Up to 5,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTES })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTES)
  notes?: string;
}

export class InventoryChangeDto extends InventoryFieldsDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;
}

export class NewInventoryEntryDto extends InventoryFieldsDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_NAME })
  @StorableText(MOST_NAME)
  name: string;

  /** The item of the campaign that it is, where there is one. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  itemId?: string;
}

export class InventoryTransferDto {
  /** What is handed over: an entry of the character. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  entryId: string;

  /** The character of the campaign who gets it. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  toId: string;

  /** How many of them (all). */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_QUANTITY })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_QUANTITY)
  quantity?: number;
}

export class InventoryEntryDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  characterId: string;
  /** Where the caller sees that item. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  itemId: string | null;
  name: string;
  @ApiProperty({ type: 'integer' })
  quantity: number;
  isEquipped: boolean;
  @ApiProperty({ type: 'number', nullable: true })
  weightLb: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  valueCp: number | null;
  notes: string;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class InventoryPageDto {
  @ApiProperty({ type: [InventoryEntryDto] })
  items: InventoryEntryDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class InventoryTransferredDto {
  /** What stays; null where all went. */
  @ApiProperty({ type: InventoryEntryDto, nullable: true })
  kept: InventoryEntryDto | null;
  /** What the other one has now. */
  handed: InventoryEntryDto;
}
