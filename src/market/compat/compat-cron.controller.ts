import { All, Controller, Get, HttpCode, Options } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatCronDto } from './compat-calendar.dto.js';
import { CompatCalendar } from './compat-calendar.service.js';

@ApiTags('compat dofus')
@Controller('compat/dofus/api/cron/almanax')
@CompatMount('dofus')
export class CompatCronController {
  constructor(private readonly calendar: CompatCalendar) {}

  /**
   * Has missing days of the Almanax brought in, as the original's scheduler does; here a job does so every day without being asked.
   * Without a token only where callers without one may write, which is so in development. The original also lets in whoever calls
   * themselves vercel-cron, which anybody can.
   */
  @Get()
  @RequirePermission('market:contribute')
  run(): Promise<CompatCronDto> {
    return this.calendar.cron(Date.now());
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  @All()
  @ApiExcludeEndpoint()
  @RequirePermission('market:read')
  refuse(): never {
    throw methodNotAllowed('GET', 'Only GET is allowed here.');
  }
}
