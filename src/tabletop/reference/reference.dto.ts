import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import {
  REFERENCE_CATEGORIES,
  REFERENCE_EDITIONS,
  type ReferenceCategory,
  type ReferenceEdition,
} from './reference-entry.js';

const MOST_ASKED = 100;

export class ReferenceQueryDto extends PageQueryDto {
  /** A term or a part of it, in any case, 1 to 100 characters; a slip or two is forgiven. Without it all terms by name. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_ASKED })
  @IsOptional()
  @StorableText(MOST_ASKED)
  q?: string;

  @ApiPropertyOptional({ enum: REFERENCE_CATEGORIES })
  @IsOptional()
  @IsIn(REFERENCE_CATEGORIES)
  category?: ReferenceCategory;

  /** Terms that this edition has: `5.1` of the rules of 2014, `5.2` of those of 2024. */
  @ApiPropertyOptional({ enum: REFERENCE_EDITIONS })
  @IsOptional()
  @IsIn(REFERENCE_EDITIONS)
  edition?: ReferenceEdition;
}

export class ReferenceTermDto {
  /** `spell-fireball`: never changes. */
  slug: string;
  term: string;
  @ApiProperty({ enum: REFERENCE_CATEGORIES })
  category: ReferenceCategory;
  @ApiProperty({ enum: REFERENCE_EDITIONS, isArray: true })
  editions: ReferenceEdition[];
  /** The first line of its newest card. */
  summary: string;
}

export class ReferenceTermsDto {
  @ApiProperty({ type: [ReferenceTermDto] })
  items: ReferenceTermDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
  /** To be shown wherever the terms are. */
  attribution: string;
}

export class ReferenceCardDto {
  @ApiProperty({ enum: REFERENCE_EDITIONS })
  edition: ReferenceEdition;
  /** The class or species that it is of, where several have one of this name. */
  @ApiProperty({ type: String, nullable: true })
  of: string | null;
  /** Figures, one line each. */
  @ApiProperty({ type: [String] })
  facts: string[];
  /** The beginning of the text, at most 480 characters; empty where there is none. */
  text: string;
}

export class ReferenceEntryDto {
  slug: string;
  term: string;
  @ApiProperty({ enum: REFERENCE_CATEGORIES })
  category: ReferenceCategory;
  @ApiProperty({ type: [ReferenceCardDto] })
  cards: ReferenceCardDto[];
  /** To be shown wherever the card is. */
  attribution: string;
}
