import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ManifestDto, ManifestImportDto } from './manifest.dto.js';
import { ManifestDesk } from './manifest-desk.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny/manifest')
export class ManifestController {
  constructor(private readonly desk: ManifestDesk) {}

  /** Which version of the game's definitions is read in each language, and how far an import is. */
  @Get()
  @RequirePermission('destiny:read')
  show(@Caller() caller: Principal): Promise<ManifestDto> {
    return this.desk.show(caller);
  }

  /**
   * Looks for a newer version at Bungie.net and imports it; the present one is read until the new one is whole. Goes on where an import
   * was interrupted. It happens daily by itself.
   */
  @Post('import')
  @HttpCode(202)
  @RequirePermission('admin:write')
  importNewest(@Caller() caller: Principal): Promise<ManifestImportDto> {
    return this.desk.requestImport(caller);
  }
}
