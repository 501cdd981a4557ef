import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { GAME_SYSTEMS } from '../campaigns/campaign-kinds.js';
import { SheetSchemas } from './sheet-schemas.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/systems')
export class SheetSchemasController {
  constructor(private readonly schemas: SheetSchemas) {}

  /** The JSON Schema (draft 7) of a system's sheets. */
  @Get(':system/sheet-schema')
  @ApiParam({ name: 'system', enum: GAME_SYSTEMS })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  @RequirePermission('tabletop:read')
  find(@Param('system') system: string): object {
    return this.schemas.find(system);
  }
}
