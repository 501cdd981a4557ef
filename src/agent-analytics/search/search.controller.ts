import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { SearchDto, SearchQueryDto } from './search.dto.js';
import { SearchService } from './search.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/search')
export class SearchController {
  constructor(private readonly search: SearchService) {}

  /** Sessions by what was said in them, the best first, with the lines that were found. */
  @Get()
  @RequirePermission('agents:read')
  find(@Caller() caller: Principal, @Query() query: SearchQueryDto): Promise<SearchDto> {
    return this.search.find(caller, query);
  }
}
