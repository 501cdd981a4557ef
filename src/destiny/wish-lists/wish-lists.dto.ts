import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { LINE_FAULTS, type LineFaultCode, MOST_TITLE_LENGTH } from './wish-list.js';

export const LARGEST_HASH = 4_294_967_295;

export class WishListUploadQueryDto {
  /** What you call the list; the `title:` of the text without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MOST_TITLE_LENGTH)
  @Matches(STORABLE, SEEN_AND_STORED)
  title?: string;
}

export class WishRollsQueryDto extends PageQueryDto {
  /** Only rolls of this item or item category, by its hash. */
  @ApiPropertyOptional({ minimum: 1, maximum: LARGEST_HASH })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(LARGEST_HASH)
  item?: number;
}

export class GodRollsQueryDto extends PageQueryDto {
  /** Hash of the item. */
  @ApiProperty({ minimum: 1, maximum: LARGEST_HASH })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(LARGEST_HASH)
  item: number;
}

/** A line that was passed over. */
export class WishLineFaultDto {
  /** From 1 on. */
  line: number;
  @ApiProperty({ enum: LINE_FAULTS })
  code: LineFaultCode;
}

export class WishListDto {
  id: string;
  title: string;
  description: string | null;
  /** Of the text. */
  sizeBytes: number;
  rollCount: number;
  /** Lines that say nothing known. */
  faultCount: number;
  /** The first hundred of them. */
  faults: WishLineFaultDto[];
  /** Counts what it was replaced by; the list's ETag. */
  version: number;
  createdAt: string;
  updatedAt: string;
}

export class WishListsDto {
  /** Newest first. */
  items: WishListDto[];
  nextCursor: string | null;
}

export class WishRollDto {
  listId: string;
  listTitle: string;
  /** In its list, from 0 on. */
  position: number;
  /** An item or an item category; null = any item. */
  @ApiProperty({ type: 'number', nullable: true })
  itemHash: number | null;
  /** To be thrown away. */
  isTrash: boolean;
  /** Hashes of plugs that all have to be there; none = the whole item. */
  perks: number[];
  notes: string | null;
  tags: string[];
}

export class WishRollsDto {
  items: WishRollDto[];
  nextCursor: string | null;
}
