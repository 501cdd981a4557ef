import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { CHART_THEMES, type ChartTheme } from '../../platform/charts/chart-style.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { IsTabletopInstant } from '../is-tabletop-instant.decorator.js';

const MOST_HOPS = 6;
const MOST_NODES = 5_000;
const MOST_PICTURED_HOPS = 3;

export class GraphMomentQueryDto {
  /** As relations stood then; without it as they stand now. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsTabletopInstant()
  at?: string;
}

export class NearGraphQueryDto extends GraphMomentQueryDto {
  /** How many steps away at most, 1 to 6 (2). */
  @ApiPropertyOptional({ default: 2, minimum: 1, maximum: MOST_HOPS })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_HOPS)
  depth: number = 2;

  /** At most so many characters, the nearest, 1 to 5,000 (500). */
  @ApiPropertyOptional({ default: 500, minimum: 1, maximum: MOST_NODES })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_NODES)
  limit: number = 500;
}

export class GraphPictureQueryDto extends GraphMomentQueryDto {
  /** How many steps away at most, 1 to 3 (2). */
  @ApiPropertyOptional({ default: 2, minimum: 1, maximum: MOST_PICTURED_HOPS })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_PICTURED_HOPS)
  depth: number = 2;

  @ApiPropertyOptional({ enum: CHART_THEMES, default: 'light' })
  @IsOptional()
  @IsIn(CHART_THEMES)
  theme: ChartTheme = 'light';

  /** Pixels, 320 to 1,600 (900). */
  @ApiPropertyOptional({ default: 900, minimum: 320, maximum: 1600 })
  @QueryInt()
  @IsInt()
  @Min(320)
  @Max(1_600)
  width: number = 900;

  /** Pixels, 240 to 1,600 (700). */
  @ApiPropertyOptional({ default: 700, minimum: 240, maximum: 1600 })
  @QueryInt()
  @IsInt()
  @Min(240)
  @Max(1_600)
  height: number = 700;
}

export class GraphPathQueryDto extends GraphMomentQueryDto {
  /** A character. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  from: string;

  /** Another one. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  to: string;
}

export class GraphMutualQueryDto extends GraphMomentQueryDto {
  /** A character. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  a: string;

  /** Another one. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  b: string;
}

export class GraphNodeDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  /** `pc`, `npc` or `creature`. */
  @ApiProperty({ type: String, nullable: true })
  characterKind: string | null;
}

export class NearNodeDto extends GraphNodeDto {
  /** Steps from the one asked about, 0 for it itself. */
  @ApiProperty({ type: 'integer' })
  hops: number;
}

export class GraphEdgeDto {
  /** The relationship. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  fromId: string;
  @ApiProperty({ format: 'uuid' })
  toId: string;
  type: string;
  isDirected: boolean;
  /** -100 to 100. */
  @ApiProperty({ type: 'integer', nullable: true })
  strength: number | null;
}

export class NearGraphDto {
  /** Nearest first. */
  @ApiProperty({ type: [NearNodeDto] })
  nodes: NearNodeDto[];
  /** All among those. */
  @ApiProperty({ type: [GraphEdgeDto] })
  edges: GraphEdgeDto[];
  /** Whether there are more within as many steps than were asked for. */
  isCut: boolean;
}

export class GraphPathDto {
  /** Steps of the shortest way; null where there is none. */
  @ApiProperty({ type: 'integer', nullable: true })
  hops: number | null;
  /** From the one to the other. */
  @ApiProperty({ type: [GraphNodeDto] })
  nodes: GraphNodeDto[];
  /** In the way's order, all between two neighbours on it. */
  @ApiProperty({ type: [GraphEdgeDto] })
  edges: GraphEdgeDto[];
}

export class GraphMutualDto {
  /** Who stands in a relation with both, at most 1,000. */
  @ApiProperty({ type: [GraphNodeDto] })
  nodes: GraphNodeDto[];
  /** Between them and the two. */
  @ApiProperty({ type: [GraphEdgeDto] })
  edges: GraphEdgeDto[];
}
