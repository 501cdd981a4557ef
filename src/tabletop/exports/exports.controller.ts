import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { CharacterExports } from './character-exports.service.js';
import { CharacterExportQueryDto } from './exports.dto.js';
import { ObsidianExports } from './obsidian-exports.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class ExportsController {
  constructor(
    private readonly characters: CharacterExports,
    private readonly vaults: ObsidianExports,
  ) {}

  /** A character to take along: what the caller sees of it. An actor of Foundry that was imported comes back over its original. */
  @Get('characters/:id/export')
  @ApiOkResponse({ content: { 'application/json': { schema: { type: 'object' } } } })
  @RequirePermission('tabletop:own')
  async character(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { format }: CharacterExportQueryDto,
  ): Promise<StreamableFile> {
    const { bytes, name } = await this.characters.write(caller, id, format);
    return new StreamableFile(bytes, {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="${name}"`,
    });
  }

  /**
   * What the caller sees of a campaign as a folder of Obsidian: a note each, which links to what it belongs to and to what it has relations with. Without
   * secrets. At most 20,000 notes and 100,000 relations; `guildhall-export.json` in it says how many there are of how many.
   */
  @Get('campaigns/:c/exports/obsidian')
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('tabletop:own')
  async obsidian(@Caller() caller: Principal, @Param('c') id: string): Promise<StreamableFile> {
    return new StreamableFile(await this.vaults.write(caller, id), {
      type: 'application/zip',
      disposition: 'attachment; filename="campaign.zip"',
    });
  }
}
