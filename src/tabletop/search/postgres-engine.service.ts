import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { toAsker, toViewer } from './asker.js';
import { CampaignNames } from './campaign-names.service.js';
import { type Found, likelyNames, merged, toFound } from './found.js';
import { type JudgedRow, type SearchFilter, SearchRepository } from './search.repository.js';
import { SecretWords } from './secret-words.service.js';

/** Finds by names, texts and secrets what somebody sees: the names in memory, everything else in PostgreSQL. */
@Injectable()
export class PostgresEngine {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly names: CampaignNames,
    private readonly rows: SearchRepository,
    private readonly secrets: SecretWords,
  ) {}

  /** @param granted ids of what is lent to them @param text '' = whatever the filter leaves */
  async find(seat: Seat, granted: readonly string[], filter: SearchFilter, text: string): Promise<Found> {
    const [{ index, ear }, secrets] = await Promise.all([
      this.names.of(seat.campaignId),
      this.secrets.of(seat, text),
    ]);
    const hits = merged(index.find(ear.compared(text), toViewer(seat, granted)));
    const named = [...new Set([...likelyNames(hits), ...secrets.fields.keys()])];
    const [judged] = await this.system.read<JudgedRow>(
      SYSTEM_SCOPE,
      this.rows.judge(toAsker(seat), filter, text, named),
    );
    return toFound(hits, secrets, judged!);
  }
}
