import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';
import { Audit } from './audit.service.js';

const DETAILS: OwnedTable = {
  name: 'platform.audit_detail',
  columns: ['event_id', 'before', 'after', 'actor_id', 'session_id', 'request_id'],
};

@Injectable()
@HandlesData('audit')
export class AuditData implements DataHandler {
  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly audit: Audit,
  ) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(DETAILS.name, this.rows.exportRows(tx, DETAILS, userId));
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.audit.eraseUser(tx, userId);
  }
}
