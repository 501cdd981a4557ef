import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsUUID, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { CampaignObjectDto, MOST_OBJECT_NAME, ObjectChangeDto } from '../objects/objects.dto.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';

const MOST_UNIT = 20;
const MOST_DISTANCE = 1_000_000;

export class UvttImportQueryDto {
  /** What the map is called, 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  name: string;

  /** The place that it is a map of. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  locationId?: string;

  /** Who sees it: as of objects (gm). */
  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;
}

export class MapGridChangeDto {
  /** How far a cell is, in `distanceUnit` (5). */
  @ApiPropertyOptional({ minimum: 0.001, maximum: MOST_DISTANCE })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(0.001)
  @Max(MOST_DISTANCE)
  cellDistance?: number;

  /** What distances and elevations on it are told in (ft), up to 20 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_UNIT })
  @ValidateIf(isGiven)
  @StorableText(MOST_UNIT)
  distanceUnit?: string;
}

export class BattleMapChangeDto extends ObjectChangeDto {
  /** The place that it is a map of; null = of none. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  parentId?: string | null;

  @ApiPropertyOptional({ type: MapGridChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => MapGridChangeDto)
  grid?: MapGridChangeDto;
}

export class MapGridDto {
  /** Of the picture, in pixels. */
  @ApiProperty({ type: 'integer' })
  widthPx: number;
  @ApiProperty({ type: 'integer' })
  heightPx: number;
  /** Pixels of a cell. */
  cellPx: number;
  /** Of the picture, in cells; need not be whole. */
  columns: number;
  rows: number;
  /** How far a cell is, in `distanceUnit`. */
  cellDistance: number;
  distanceUnit: string;
}

export class BattleMapDto extends CampaignObjectDto {
  /** Null of a map that came without a picture. */
  @ApiProperty({ type: MapGridDto, nullable: true })
  grid: MapGridDto | null;
  /** Path of its picture, good for a quarter of an hour; whoever has it needs no token. Null without a picture. */
  @ApiProperty({ type: String, nullable: true })
  pictureUrl: string | null;
}

export class ImportedBattleMapDto extends BattleMapDto {
  /** What of the file was not as it said, or was left out. */
  @ApiProperty({ type: [String] })
  notes: string[];
  @ApiProperty({ type: 'integer' })
  wallCount: number;
  @ApiProperty({ type: 'integer' })
  portalCount: number;
  @ApiProperty({ type: 'integer' })
  lightCount: number;
}

export class BattleMapPageDto {
  @ApiProperty({ type: [BattleMapDto] })
  items: BattleMapDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class MapPointDto {
  /** Cells from the picture's left edge. */
  x: number;
  /** Cells from its top. */
  y: number;
}

export class MapWallDto {
  @ApiProperty({ type: [MapPointDto] })
  points: MapPointDto[];
  /** Of something that stands there, not of the building. */
  isObject: boolean;
}

export class MapPortalDto {
  @ApiProperty({ type: MapPointDto })
  position: MapPointDto;
  /** Its two ends. */
  @ApiProperty({ type: [MapPointDto] })
  bounds: MapPointDto[];
  /** Radians. */
  rotation: number;
  isClosed: boolean;
  isFreestanding: boolean;
}

export class MapLightDto {
  @ApiProperty({ type: MapPointDto })
  position: MapPointDto;
  /** Cells. */
  range: number;
  intensity: number;
  /** `aarrggbb`. */
  @ApiProperty({ type: String, nullable: true })
  color: string | null;
  castsShadows: boolean;
}

export class MapPlanDto {
  @ApiProperty({ type: [MapWallDto] })
  walls: MapWallDto[];
  @ApiProperty({ type: [MapPortalDto] })
  portals: MapPortalDto[];
  @ApiProperty({ type: [MapLightDto] })
  lights: MapLightDto[];
  /** Whether the picture has its lights painted in. */
  isLit: boolean;
  @ApiProperty({ type: String, nullable: true })
  ambientLight: string | null;
}
