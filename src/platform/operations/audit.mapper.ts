import type { AuditRow } from '../audit/audit.repository.js';
import type { AuditEventDto } from './audit.dto.js';

export function toAuditEventDto(row: AuditRow): AuditEventDto {
  return {
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    objectType: row.objectType,
    objectId: row.objectId,
    subjectId: row.subjectId,
    actorId: row.actorId,
    sessionId: row.sessionId,
    requestId: row.requestId,
    before: row.before,
    after: row.after,
    sealSeq: row.sealSeq,
  };
}
