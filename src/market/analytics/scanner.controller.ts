import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { NativeScannerService } from './native-scanner.service.js';
import { ScannerDto, ScannerPageDto, ScannerQueryDto } from './scanner.dto.js';
import { SCANNER_RULE } from './scanner-rule.js';

const etagOf = (version: string): string => `W/"${version}"`;
const RULE_SCHEMA = z.toJSONSchema(SCANNER_RULE, { io: 'input' }) as Record<string, unknown>;
delete RULE_SCHEMA['$schema'];

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/analytics/scanner')
export class ScannerController {
  constructor(private readonly scanner: NativeScannerService) {}

  /** Items that cost less than they usually do, best profit first. Answers 304 while the figures have not changed. */
  @Get()
  @ApiOkResponse({ type: ScannerDto })
  @RequirePermission('market:read')
  scan(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: ScannerQueryDto,
  ): Promise<ScannerDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.scanner.version(caller, place, query),
      load: () => this.scanner.scan(caller, place, query),
    });
  }

  /** The same by a rule as alerts and backtests have it. Changes nothing. */
  @Post('query')
  @HttpCode(200)
  @ApiBody({ schema: RULE_SCHEMA })
  @ApiOkResponse({ type: ScannerDto })
  @RequirePermission('market:read')
  query(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() rule: unknown,
    @Query() page: ScannerPageDto,
  ): Promise<ScannerDto> {
    return this.scanner.query(caller, { game, server, now: new Date() }, rule, page);
  }
}
