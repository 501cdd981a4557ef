import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { readMoment } from './moment.reader.js';
import { RelationPictures } from './relation-pictures.service.js';
import {
  GraphMutualDto,
  GraphMutualQueryDto,
  GraphPathDto,
  GraphPathQueryDto,
  GraphPictureQueryDto,
  NearGraphDto,
  NearGraphQueryDto,
} from './relations-graph.dto.js';
import { toGraphMutualDto, toGraphPathDto, toNearGraphDto } from './relations-graph.mapper.js';
import { RelationsGraph } from './relations-graph.service.js';

/** Who knows whom, as far as the caller sees both people and what is between them. A relation joins its ends whichever way it points. */
@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class RelationsGraphController {
  constructor(
    private readonly graph: RelationsGraph,
    private readonly pictures: RelationPictures,
  ) {}

  /** Everybody within so many steps of a character. */
  @Get('characters/:id/graph')
  @RequirePermission('tabletop:own')
  async near(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { depth, limit, at }: NearGraphQueryDto,
  ): Promise<NearGraphDto> {
    return toNearGraphDto(await this.graph.near(caller, id, depth, limit, readMoment(at)));
  }

  /** The nearest 80 of them on rings around the character. Answers 304 while it is the same. */
  @Get('characters/:id/graph.svg')
  @AnswersSvg()
  @RequirePermission('tabletop:own')
  picture(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: GraphPictureQueryDto,
  ): Promise<Picture> {
    return this.pictures.around(caller, id, query);
  }

  /** A shortest way from one character to another, of any length, over whom and what the caller sees. */
  @Get('campaigns/:c/graph/path')
  @RequirePermission('tabletop:own')
  async path(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() { from, to, at }: GraphPathQueryDto,
  ): Promise<GraphPathDto> {
    return toGraphPathDto(await this.graph.path(caller, campaignId, from, to, readMoment(at)));
  }

  /** Whom two characters have in common. */
  @Get('campaigns/:c/graph/mutual')
  @RequirePermission('tabletop:own')
  async mutual(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() { a, b, at }: GraphMutualQueryDto,
  ): Promise<GraphMutualDto> {
    return toGraphMutualDto(await this.graph.mutual(caller, campaignId, a, b, readMoment(at)));
  }
}
