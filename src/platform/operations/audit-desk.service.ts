import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { decodeCursor, toPage } from '../http/keyset.js';
import type { AuditEventsDto, AuditQueryDto } from './audit.dto.js';
import { toAuditEventDto } from './audit.mapper.js';

/** What administrators see of who did what. */
@Injectable()
export class AuditDesk {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: AuditRepository,
  ) {}

  /** Newest first. */
  async list(query: AuditQueryDto): Promise<AuditEventsDto> {
    const filter = {
      action: query.action ?? null,
      objectType: query.objectType ?? null,
      objectId: query.objectId ?? null,
      actorId: query.actorId ?? null,
      subjectId: query.subjectId ?? null,
      from: instant(query.from),
      to: instant(query.to),
      before: query.cursor === undefined ? null : decodeCursor(query.cursor, ['number'] as const)[0],
      limit: query.limit + 1,
    };
    const rows = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listPage(tx, filter));
    return toPage(rows, query.limit, (row) => [row.id], toAuditEventDto);
  }
}

function instant(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
