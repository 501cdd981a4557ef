import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import {
  CampaignImportDto,
  CampaignImportPageDto,
  CampaignImportQueryDto,
  CharacterImportDto,
} from './campaign-imports.dto.js';
import { CampaignImports } from './campaign-imports.service.js';
import { bytesOfBody } from './import-body.reader.js';
import { ImportDesk } from './import-desk.service.js';
import { refusalOf } from './import-refusals.mapper.js';

const FILE = { schema: { type: 'string', format: 'binary' } } as const;

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class CampaignImportsController {
  constructor(
    private readonly desk: ImportDesk,
    private readonly imports: CampaignImports,
  ) {}

  /**
   * A character of D&D Beyond, as its service gives it out: a game master's becomes the masters' own, a player's theirs. Brought again it updates the
   * character field by field; what was changed here stays, and what both have changed is listed.
   */
  @Post('campaigns/:c/imports/dndbeyond')
  @ApiConsumes('application/octet-stream')
  @ApiBody(FILE)
  @RequirePermission('tabletop:own')
  async dndbeyond(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('c') id: string,
  ): Promise<CampaignImportDto> {
    return this.desk.bring(caller, id, 'dndbeyond', 'character', await fileOf(request));
  }

  /** An actor of Foundry’s dnd5e system, character or npc. Nothing of it is lost: its export gives the same actor back. Brought again like a D&D Beyond sheet. */
  @Post('campaigns/:c/imports/foundry')
  @ApiConsumes('application/octet-stream')
  @ApiBody(FILE)
  @RequirePermission('tabletop:own')
  async foundry(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('c') id: string,
  ): Promise<CampaignImportDto> {
    return this.desk.bring(caller, id, 'foundry', 'character', await fileOf(request));
  }

  /** A table with a column `name`, at most 5,000 rows. A job makes objects of it; brought again it updates them. */
  @Post('campaigns/:c/imports/csv')
  @HttpCode(202)
  @ApiConsumes('application/octet-stream')
  @ApiBody(FILE)
  @RequirePermission('tabletop:own')
  async csv(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('c') id: string,
    @Query() { kind }: CampaignImportQueryDto,
  ): Promise<CampaignImportDto> {
    return this.desk.bring(caller, id, 'csv', kind, await fileOf(request));
  }

  /** A list of things with names, alone or within an object. Like a table. */
  @Post('campaigns/:c/imports/json')
  @HttpCode(202)
  @ApiConsumes('application/octet-stream')
  @ApiBody(FILE)
  @RequirePermission('tabletop:own')
  async json(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('c') id: string,
    @Query() { kind }: CampaignImportQueryDto,
  ): Promise<CampaignImportDto> {
    return this.desk.bring(caller, id, 'json', kind, await fileOf(request));
  }

  /** A folder of Obsidian as a ZIP of at most 32 MiB: a note each, with its properties, its folder saying what it is. Like a table. */
  @Post('campaigns/:c/imports/obsidian')
  @HttpCode(202)
  @ApiConsumes('application/octet-stream')
  @ApiBody(FILE)
  @RequirePermission('tabletop:own')
  async obsidian(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('c') id: string,
    @Query() { kind }: CampaignImportQueryDto,
  ): Promise<CampaignImportDto> {
    return this.desk.bring(caller, id, 'obsidian', kind, await fileOf(request));
  }

  /** Imports with their reports, the newest first: one's own, and to game masters all. */
  @Get('campaigns/:c/imports')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') id: string,
    @Query() query: PageQueryDto,
  ): Promise<CampaignImportPageDto> {
    return this.imports.list(caller, id, query);
  }

  /** What became of a file. */
  @Get('imports/:id')
  @RequirePermission('tabletop:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<CampaignImportDto> {
    return this.imports.find(caller, id);
  }

  /** A character of D&D Beyond, in a body that names the campaign. */
  @Post('characters/import/dndbeyond')
  @RequirePermission('tabletop:own')
  characterOfBeyond(
    @Caller() caller: Principal,
    @Body() body: CharacterImportDto,
  ): Promise<CampaignImportDto> {
    return this.desk.bringCharacter(caller, body.campaignId, 'dndbeyond', bytesOf(body));
  }

  /** A Foundry actor, likewise. */
  @Post('characters/import/foundry')
  @RequirePermission('tabletop:own')
  characterOfFoundry(
    @Caller() caller: Principal,
    @Body() body: CharacterImportDto,
  ): Promise<CampaignImportDto> {
    return this.desk.bringCharacter(caller, body.campaignId, 'foundry', bytesOf(body));
  }

  /** A character as an export in JSON wrote it, likewise. */
  @Post('characters/import/json')
  @RequirePermission('tabletop:own')
  characterOfJson(@Caller() caller: Principal, @Body() body: CharacterImportDto): Promise<CampaignImportDto> {
    return this.desk.bringCharacter(caller, body.campaignId, 'json', bytesOf(body));
  }
}

const bytesOf = ({ sheet }: CharacterImportDto): Buffer => Buffer.from(JSON.stringify(sheet));

/** @throws DomainError larger than what is taken, or empty */
async function fileOf(request: Request): Promise<Buffer> {
  try {
    return await bytesOfBody(request);
  } catch (error) {
    throw refusalOf(error);
  }
}
