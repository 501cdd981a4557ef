import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { currentRequestId } from '../../platform/profiling/span.js';
import { IndexOutbox } from '../search-index/index-outbox.service.js';
import { ChangesRepository } from './changes.repository.js';

/** What somebody has done in a campaign. */
export interface CampaignChangeEvent {
  readonly campaignId: string;
  /** The object that it is about, or null. */
  readonly objectId?: string | undefined;
  /** Of the object, or `campaign`, `member`, `invite`, `grant`, `secret`, `link`. */
  readonly kind: string;
  /** Past tense. */
  readonly action: string;
  /** What the campaign's masters may see of before and after: never the value of a secret. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/**
 * Writes down who changed what: for the masters, with before and after, in the campaign's own log; for the installation without contents, in the
 * platform's audit trail. Both in the transaction of the change, as is the note that the search server has to be told.
 */
@Injectable()
export class CampaignChanges {
  constructor(
    private readonly rows: ChangesRepository,
    private readonly audit: Audit,
    private readonly outbox: IndexOutbox,
  ) {}

  async record(tx: Tx, caller: Principal, event: CampaignChangeEvent): Promise<void> {
    await this.rows.insertChange(tx, {
      campaignId: event.campaignId,
      objectId: event.objectId ?? null,
      kind: event.kind,
      actorId: caller.id,
      action: event.action,
      before: event.before ?? null,
      after: event.after ?? null,
      requestId: currentRequestId() ?? null,
    });
    await this.audit.record(tx, caller, {
      action: `tabletop.${event.kind}-${event.action}`,
      object: { type: `tabletop.${event.kind}`, id: event.objectId ?? event.campaignId },
      after: { campaignId: event.campaignId },
    });
    await this.outbox.note(tx, event.campaignId);
  }
}
