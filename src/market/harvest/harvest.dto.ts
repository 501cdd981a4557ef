import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  Max,
  Min,
} from 'class-validator';
import { NotBelow } from '../../platform/http/not-below.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';

const MAX_ID = 2_147_483_647;

export class HarvestResourcesQueryDto extends PageQueryDto {
  /** The game's own id of a job. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  job?: number;

  /** Lowest level of the job that gathering takes. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(1_000)
  levelMin?: number;

  /** Highest level. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(1_000)
  @NotBelow('levelMin')
  levelMax?: number;
}

export class HarvestSubareasQueryDto extends PageQueryDto {
  /** Where this resource grows: the game's own id of the item. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  resource?: number;
}

export class HarvestMapsQueryDto extends PageQueryDto {
  /** Of this subarea: the game's own id. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(MAX_ID)
  subarea?: number;

  /** Where this resource grows: the game's own id of the item. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  resource?: number;
}

export class HarvestResourceDto {
  /** The game's own id of the item. */
  resourceId: number;
  /** Our id of the item; null while it is not in the catalogue. */
  itemId: number | null;
  /** French name; null when no source knows it. */
  name: string | null;
  nameEn: string | null;
  /** Where its picture is, within this server. */
  iconUrl: string | null;
  /** The game's own id of the job that gathers it. */
  jobId: number;
  /** Level of the job from which on. */
  level: number;
}

export class HarvestResourcesDto {
  /** By level. */
  items: HarvestResourceDto[];
  nextCursor: string | null;
}

export class HarvestSubareaDto {
  /** The game's own id, as all ids of places. */
  subareaId: number;
  areaId: number;
  level: number;
  /** Routes lead over the world's map only, not through caves and dungeons. */
  isOnWorldMap: boolean;
  /** Number of different coordinates that its maps on the world's map have. */
  placeCount: number;
  /** What grows there: the game's own ids of the items. */
  resourceIds: number[];
}

export class HarvestSubareasDto {
  items: HarvestSubareaDto[];
  nextCursor: string | null;
}

export class HarvestMapDto {
  mapId: number;
  /** Grows to the east. */
  x: number;
  /** Grows to the south. */
  y: number;
  subareaId: number;
}

export class HarvestMapsDto {
  items: HarvestMapDto[];
  nextCursor: string | null;
}

export class OptimizeHarvestDto {
  /** What is to be gathered: the game's own ids of items, 1 to 500. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(MAX_ID, { each: true })
  resourceIds: number[];

  /** Where the route begins (0). */
  @ApiPropertyOptional({ default: 0, minimum: -1_000, maximum: 1_000 })
  @IsInt()
  @Min(-1_000)
  @Max(1_000)
  startX: number = 0;

  @ApiPropertyOptional({ default: 0, minimum: -1_000, maximum: 1_000 })
  @IsInt()
  @Min(-1_000)
  @Max(1_000)
  startY: number = 0;

  /** Maps that may be crossed, 1 to 300 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 300 })
  @IsInt()
  @Min(1)
  @Max(300)
  maxMoves: number = 50;

  /** Subareas that are not visited, at most 500. */
  @ApiPropertyOptional({ type: [Number], default: [] })
  @IsArray()
  @ArrayMaxSize(500)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_ID, { each: true })
  excludeSubareaIds: number[] = [];
}

export class HarvestStepDto {
  mapId: number;
  x: number;
  y: number;
  subareaId: number;
  /** Moves from the step before, or from the start. */
  moves: number;
  /** What of the wanted grows here; one stand of each is expected, since no source counts them. */
  resourceIds: number[];
  /** What they bring at the newest prices that are not flagged, in the game's coin. */
  value: number;
}

export class HarvestFiguresDto {
  moves: number;
  /** In the game's coin. */
  value: number;
  /** 0 without a move. */
  valuePerMove: number;
  mapCount: number;
}

export class HarvestPriceDto {
  resourceId: number;
  /** Newest price of ONE unit on the server that is not flagged. */
  unitPrice: number;
  /** When it was seen, ISO-8601 UTC. */
  capturedAt: string;
  /** The price was made up by the simulator. */
  isSimulated: boolean;
}

export class HarvestPlanDto {
  /** In the order of the visit. */
  steps: HarvestStepDto[];
  figures: HarvestFiguresDto;
  /** What always going on to the nearest map would bring with the same moves. */
  nearestNeighbour: HarvestFiguresDto;
  /** What the values were made of. */
  prices: HarvestPriceDto[];
  /** Wanted resources without a price on this server; they add nothing to a value. */
  unpricedIds: number[];
  /** Places where something of the wanted grows. */
  availablePlaceCount: number;
}
