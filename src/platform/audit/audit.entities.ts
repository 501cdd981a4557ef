import { AuditDetailEntity } from './audit-detail.entity.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { AuditPendingEntity } from './audit-pending.entity.js';
import { AuditSealEntity } from './audit-seal.entity.js';

export const AUDIT_ENTITIES = [
  AuditEventEntity,
  AuditDetailEntity,
  AuditPendingEntity,
  AuditSealEntity,
] as const;
