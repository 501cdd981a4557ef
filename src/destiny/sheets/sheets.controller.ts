import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { SheetRefreshDto, SheetRowsDto, SheetRowsQueryDto, SheetsDto, SheetTabsDto } from './sheets.dto.js';
import { toSheetDto, toSheetRowsDto, toSheetTabsDto } from './sheets.mapper.js';
import { SheetsService } from './sheets.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/sheets')
export class SheetsController {
  constructor(private readonly sheets: SheetsService) {}

  /** Sheets of the community that are read. */
  @Get()
  @RequirePermission('destiny:read')
  list(): SheetsDto {
    return { items: this.sheets.list().map(toSheetDto) };
  }

  /** Tabs of one. */
  @Get(':key/tabs')
  @RequirePermission('destiny:read')
  async tabs(@Param('key') key: string): Promise<SheetTabsDto> {
    return toSheetTabsDto(await this.sheets.tabs(key));
  }

  /** Rows of a tab, by words. Kept for 24 hours, and longer while Google does not answer. */
  @Get(':key/rows')
  @RequirePermission('destiny:read')
  async rows(@Param('key') key: string, @Query() query: SheetRowsQueryDto): Promise<SheetRowsDto> {
    return toSheetRowsDto(await this.sheets.rows(key, query.tab, query.q, query.limit));
  }

  /** Has a sheet read anew, at most once a minute for all. */
  @Post(':key/refresh')
  @HttpCode(200)
  @RequirePermission('destiny:own')
  async refresh(@Param('key') key: string): Promise<SheetRefreshDto> {
    const { refreshedAt } = await this.sheets.refresh(key);
    return { key, refreshedAt: refreshedAt.toISOString() };
  }
}
