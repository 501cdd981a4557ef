import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { definitionEtag } from './definition-etag.js';
import { DefinitionDesk } from './definition-desk.service.js';
import {
  DefinitionDto,
  DefinitionQueryDto,
  FoundDefinitionsDto,
  SearchDefinitionsQueryDto,
} from './definitions.dto.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/definitions')
export class DefinitionsController {
  constructor(private readonly desk: DefinitionDesk) {}

  /** Finds definitions by name: items, records, collectibles, stats, damage types, presentation nodes. */
  @Get(':type')
  @RequirePermission('destiny:read')
  search(
    @Caller() caller: Principal,
    @Param('type') type: string,
    @Query() query: SearchDefinitionsQueryDto,
  ): Promise<FoundDefinitionsDto> {
    return this.desk.search(caller, type, query);
  }

  /** One definition as Bungie publishes it. Never changes within a version: answers 304 until there is another one. */
  @Get(':type/:hash')
  @ApiHeader({ name: 'If-None-Match', required: false })
  @RequirePermission('destiny:read')
  find(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('type') type: string,
    @Param('hash') hash: string,
    @Query() { lang }: DefinitionQueryDto,
  ): Promise<DefinitionDto | typeof NOT_MODIFIED> {
    const place = { type, hash, lang };
    return conditionalVersion<DefinitionDto, string>(request, response, {
      etagOf: (version) => definitionEtag(place, version),
      version: () => this.desk.version(place),
      load: () => this.desk.find(caller, place),
    });
  }
}
