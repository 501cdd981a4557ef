import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsNumber,
  IsObject,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { MARKER_KINDS, type MarkerKind } from './marker-kinds.js';
import { TOKEN_PREFERENCES, type TokenPreference } from './token-merge.js';

const MOST_NAME = 200;
const MOST_NOTE = 2_000;
const MOST_CELLS = 1_000_000;
const MOST_SPAN_CELLS = 100;

/** Of pins and tokens but for where they are; what is left out stays, or is the usual. Lengths in cells of the map's grid. */
class MarkerFieldsDto {
  /** Up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;

  /** The character, place or thing that it stands for; null = none. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  objectId?: string | null;

  /** Cells (1). */
  @ApiPropertyOptional({ minimum: 0.1, maximum: MOST_SPAN_CELLS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(0.1)
  @Max(MOST_SPAN_CELLS)
  width?: number;

  /** Cells (1). */
  @ApiPropertyOptional({ minimum: 0.1, maximum: MOST_SPAN_CELLS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(0.1)
  @Max(MOST_SPAN_CELLS)
  height?: number;

  /** In the map's unit of distance (0). */
  @ApiPropertyOptional({ minimum: -MOST_CELLS, maximum: MOST_CELLS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(-MOST_CELLS)
  @Max(MOST_CELLS)
  elevation?: number;

  /** Degrees, clockwise (0). */
  @ApiPropertyOptional({ minimum: -360, maximum: 360 })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(-360)
  @Max(360)
  rotationDeg?: number;

  /** Whether game masters alone see it (true). */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isHidden?: boolean;
}

export class MarkerChangeDto extends MarkerFieldsDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_NAME })
  @ValidateIf(isGiven)
  @StorableText(MOST_NAME)
  name?: string;

  /** Cells from the picture's left edge. */
  @ApiPropertyOptional({ minimum: -MOST_CELLS, maximum: MOST_CELLS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(-MOST_CELLS)
  @Max(MOST_CELLS)
  x?: number;

  /** Cells from its top. */
  @ApiPropertyOptional({ minimum: -MOST_CELLS, maximum: MOST_CELLS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(-MOST_CELLS)
  @Max(MOST_CELLS)
  y?: number;
}

export class NewMarkerDto extends MarkerFieldsDto {
  /** A pin says that something is there; a token is moved. */
  @ApiProperty({ enum: MARKER_KINDS })
  @IsIn(MARKER_KINDS)
  kind: MarkerKind;

  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_NAME })
  @StorableText(MOST_NAME)
  name: string;

  /** Cells from the picture's left edge. */
  @ApiProperty({ minimum: -MOST_CELLS, maximum: MOST_CELLS })
  @IsNumber()
  @Min(-MOST_CELLS)
  @Max(MOST_CELLS)
  x: number;

  /** Cells from its top. */
  @ApiProperty({ minimum: -MOST_CELLS, maximum: MOST_CELLS })
  @IsNumber()
  @Min(-MOST_CELLS)
  @Max(MOST_CELLS)
  y: number;
}

export class MarkersQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: MARKER_KINDS })
  @ValidateIf(isGiven)
  @IsIn(MARKER_KINDS)
  kind?: MarkerKind;
}

export class MapMarkerDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  mapId: string;
  @ApiProperty({ enum: MARKER_KINDS })
  kind: MarkerKind;
  name: string;
  note: string;
  /** What it stands for, where the caller sees that. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  objectId: string | null;
  /** Cells from the picture's left edge. */
  x: number;
  /** Cells from its top. */
  y: number;
  /** Cells. */
  width: number;
  height: number;
  /** In the map's unit of distance. */
  elevation: number;
  rotationDeg: number;
  isHidden: boolean;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class MapMarkerPageDto {
  @ApiProperty({ type: [MapMarkerDto] })
  items: MapMarkerDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class FoundrySceneImportDto {
  /** JSON of a scene, with its `grid` and `tokens`, as Foundry exports it. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  scene: object;

  /** Who wins where both sides have changed a token since they agreed: `neither` (usual) leaves it and reports it. */
  @ApiPropertyOptional({ enum: TOKEN_PREFERENCES, default: 'neither' })
  @ValidateIf(isGiven)
  @IsIn(TOKEN_PREFERENCES)
  prefers: TokenPreference = 'neither';

  /** Whether tokens that the scene does not have are removed here (false); else they are reported. */
  @ApiPropertyOptional({ default: false })
  @ValidateIf(isGiven)
  @IsBoolean()
  removesMissing: boolean = false;
}

export class TokenPlaceDto {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  elevation: number;
  rotationDeg: number;
  isHidden: boolean;
}

export class TokenConflictDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: TokenPlaceDto })
  here: TokenPlaceDto;
  @ApiProperty({ type: TokenPlaceDto })
  inFoundry: TokenPlaceDto;
}

export class MissingTokenDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
}

export class FoundrySceneReportDto {
  @ApiProperty({ type: 'integer' })
  addedCount: number;
  @ApiProperty({ type: 'integer' })
  changedCount: number;
  @ApiProperty({ type: 'integer' })
  unchangedCount: number;
  @ApiProperty({ type: 'integer' })
  removedCount: number;
  /** Changed on both sides, and left as they are here. */
  @ApiProperty({ type: [TokenConflictDto] })
  conflicts: TokenConflictDto[];
  /** Known here, not in the scene, and kept. */
  @ApiProperty({ type: [MissingTokenDto] })
  missing: MissingTokenDto[];
  /** What was left out, and why. */
  @ApiProperty({ type: [String] })
  notes: string[];
}

export class FoundrySceneDto {
  name: string;
  /** As Foundry reads it: `width`, `height`, `padding`, `grid`, `tokens`. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  scene: object;
}
