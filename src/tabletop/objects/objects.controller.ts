import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { etagOf } from '../../platform/http/if-match.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { ObjectViews } from './object-views.service.js';
import {
  AnyObjectDto,
  PreviewDto,
  PreviewQueryDto,
  SecretChangeDto,
  SecretDto,
  SecretsDto,
  ViewersDto,
} from './objects.dto.js';
import { ObjectsService } from './objects.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/objects')
export class ObjectsController {
  constructor(
    private readonly objects: ObjectsService,
    private readonly views: ObjectViews,
    private readonly secrets: ObjectSecrets,
  ) {}

  /** Any object that the caller sees, of whatever kind. */
  @Get(':id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<AnyObjectDto> {
    const object = await this.objects.find(caller, id);
    response.setHeader('ETag', etagOf(object.version));
    return object;
  }

  /** Takes back a deletion, by a game master, within 30 days. */
  @Post(':id/restore')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  restore(@Caller() caller: Principal, @Param('id') id: string): Promise<AnyObjectDto> {
    return this.objects.restore(caller, id);
  }

  /** Who can see this, and why. For game masters. */
  @Get(':id/viewers')
  @RequirePermission('tabletop:own')
  viewers(@Caller() caller: Principal, @Param('id') id: string): Promise<ViewersDto> {
    return this.views.viewers(caller, id);
  }

  /** What a member would see of it now. For game masters. */
  @Get(':id/preview')
  @RequirePermission('tabletop:own')
  preview(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PreviewQueryDto,
  ): Promise<PreviewDto> {
    return this.views.preview(caller, id, query.as);
  }

  /** The object's secrets that the caller may know. */
  @Get(':id/secrets')
  @RequirePermission('tabletop:own')
  listSecrets(@Caller() caller: Principal, @Param('id') id: string): Promise<SecretsDto> {
    return this.secrets.list(caller, id);
  }

  /** Keeps or changes what only some may know of it, sealed at rest. By game masters. */
  @Put(':id/secrets/:field')
  @RequirePermission('tabletop:own')
  putSecret(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('field') field: string,
    @Body() body: SecretChangeDto,
  ): Promise<SecretDto> {
    return this.secrets.put(caller, id, field, body);
  }

  @Delete(':id/secrets/:field')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeSecret(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('field') field: string,
  ): Promise<void> {
    return this.secrets.remove(caller, id, field);
  }
}
