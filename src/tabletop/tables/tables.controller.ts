import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { TableImports } from './table-imports.service.js';
import { TableRolls } from './table-rolls.service.js';
import {
  NewRandomTableDto,
  OddsQueryDto,
  RandomTableChangeDto,
  RandomTableDto,
  RandomTablePageDto,
  RollWishDto,
  TableImportDto,
  TableImportReportDto,
  TableOddsDto,
  TableRollDto,
} from './tables.dto.js';
import { TablesService } from './tables.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/tables';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class TablesController {
  constructor(
    private readonly tables: TablesService,
    private readonly rolls: TableRolls,
    private readonly imports: TableImports,
  ) {}

  /** Makes a table. By game masters. Tables that its results ask are named, or told by their ids; they must not come back to it. */
  @Post('campaigns/:c/tables')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewRandomTableDto,
  ): Promise<RandomTableDto> {
    const outcome = await this.tables.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** Makes tables of a file, each as it can be read; the report says what was not. By game masters. */
  @Post('campaigns/:c/tables/import')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async import(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: TableImportDto,
  ): Promise<TableImportReportDto> {
    const key = idempotentRequest(request, `${ROUTE}/import`);
    return answerWith(response, await this.imports.import(caller, campaignId, body, key));
  }

  /** Those that the caller sees, by name, without their rows. */
  @Get('campaigns/:c/tables')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<RandomTablePageDto> {
    return this.tables.list(caller, campaignId, query);
  }

  @Get('tables/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<RandomTableDto> {
    return tagged(response, await this.tables.find(caller, id));
  }

  /** With If-Match only when nobody has changed it since. With other rows a deck begins anew. */
  @Patch('tables/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: RandomTableChangeDto,
  ): Promise<RandomTableDto> {
    return tagged(response, await this.tables.change(caller, id, body, seen));
  }

  /** By a game master, who can restore it for 30 days. */
  @Delete('tables/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.tables.remove(caller, id, seen);
  }

  /** Puts all rows of a deck back. By game masters. */
  @Post('tables/:id/shuffle')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  shuffle(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.rolls.shuffle(caller, id);
  }

  /** Rolls a table that the caller sees; by players and game masters. */
  @Post('tables/:id/roll')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  roll(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: RollWishDto,
  ): Promise<TableRollDto> {
    return this.rolls.roll(caller, id, body);
  }

  /** How likely each row and each result is, exactly. */
  @Get('tables/:id/odds')
  @RequirePermission('tabletop:own')
  odds(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: OddsQueryDto,
  ): Promise<TableOddsDto> {
    return this.rolls.odds(caller, id, query.variables);
  }
}
