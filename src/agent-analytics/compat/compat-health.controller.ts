import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/route.decorators.js';
import { CompatHealthDto } from './compat.dto.js';

/** What the original's container is asked for. */
@ApiTags('compat cupid')
@Controller('compat/cupid/health')
export class CompatHealthController {
  @Get()
  @Public()
  health(): CompatHealthDto {
    return { status: 'healthy' };
  }
}
