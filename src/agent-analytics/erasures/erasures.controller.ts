import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ErasureDto, NewErasureDto } from './erasures.dto.js';
import { TextErasures } from './text-erasures.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/erasures')
export class ErasuresController {
  constructor(private readonly erasures: TextErasures) {}

  /** Takes all texts of a session or a player out of the copy, for good: times, costs and chapters stay. Ids are in the body, since addresses are logged. */
  @Post()
  @HttpCode(200)
  @RequirePermission('agents:erase')
  erase(@Caller() caller: Principal, @Body() body: NewErasureDto): Promise<ErasureDto> {
    return this.erasures.erase(caller, body);
  }
}
