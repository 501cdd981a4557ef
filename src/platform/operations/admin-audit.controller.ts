import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../auth/route.decorators.js';
import { AuditEventsDto, AuditQueryDto } from './audit.dto.js';
import { AuditDesk } from './audit-desk.service.js';

@ApiTags('admin')
@Controller('api/v1/admin/audit')
export class AdminAuditController {
  constructor(private readonly desk: AuditDesk) {}

  /** Who changed what, newest first. Whether nothing was taken out of it says `npm run cli -- audit verify`. */
  @Get()
  @RequirePermission('admin:read')
  list(@Query() query: AuditQueryDto): Promise<AuditEventsDto> {
    return this.desk.list(query);
  }
}
