import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { CampaignLogDto, CampaignLogQueryDto, ObjectPageDto, ObjectsQueryDto } from './objects.dto.js';
import { ObjectsService } from './objects.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns/:c')
export class CampaignObjectsController {
  constructor(private readonly objects: ObjectsService) {}

  /** What the caller sees of the campaign, of all kinds, by name. */
  @Get('objects')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: ObjectsQueryDto,
  ): Promise<ObjectPageDto> {
    return this.objects.list(caller, campaignId, query);
  }

  /** Who changed what, newest first, with before and after. For game masters. */
  @Get('audit')
  @RequirePermission('tabletop:own')
  log(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: CampaignLogQueryDto,
  ): Promise<CampaignLogDto> {
    return this.objects.log(caller, campaignId, query);
  }
}
