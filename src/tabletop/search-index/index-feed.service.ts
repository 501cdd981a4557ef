import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { ChangeHorizon } from '../search/change-horizon.js';
import { NameModelReader } from '../search/name-model.reader.js';
import { type IndexedRow, toIndexDocument } from './index-document.js';
import {
  type ChangedSeqsRow,
  type FollowedRow,
  SearchIndexesRepository,
  type SearchIndexRow,
} from './search-indexes.repository.js';
import { SearchServer } from './search-server.client.js';

/** Objects that go to the server in one request. */
const PAGE = 250;
/** What was reached is written down after so many of them. */
const PAGES_PER_SAVE = 8;
/** While others write, it is read again so often. */
const MOST_ROUNDS = 5;
/** More changes that wait for older transactions are not remembered one by one: the index counts as behind until these have ended. */
const MOST_APPLIED = 500;

/** Tells an index what has changed in a campaign. Whatever is told twice is the same: documents carry the numbers of changes as their versions. */
@Injectable()
export class IndexFeed {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly server: SearchServer,
    private readonly rows: SearchIndexesRepository,
    private readonly models: NameModelReader,
  ) {}

  /**
   * Brings an index up to what is committed, as far as it comes until the signal. Of a campaign that is gone, it removes everything.
   * @throws OutboundError; the next call goes on where this one stopped
   */
  async feed(index: SearchIndexRow, campaignId: string, signal: AbortSignal): Promise<void> {
    const [known] = await this.system.read<FollowedRow>(
      SYSTEM_SCOPE,
      this.rows.findFollowed(index.name, campaignId),
    );
    let followed = known;
    let horizon = new ChangeHorizon(BigInt(followed?.settledSeq ?? 0));
    const { language } = await this.look(horizon, campaignId);
    if (language === null) return this.remove(index, campaignId);
    if (followed?.language !== language) {
      // Remembered before there is anything, so that nothing is left there when the campaign goes. In another language all of it is told anew.
      followed = { language, settledSeq: '0', appliedSeqs: [] };
      await this.save(index, campaignId, followed);
      horizon = new ChangeHorizon(0n);
      await this.look(horizon, campaignId);
    }
    for (let round = 0; round < MOST_ROUNDS && !signal.aborted; round += 1) {
      const now = await this.look(horizon, campaignId);
      if (now.language !== language) return; // it has changed, or is gone: for the next call
      const applied = new Set(followed.appliedSeqs);
      const fresh = now.seqs.filter((seq) => !applied.has(seq));
      if (!(await this.tell(index, campaignId, language, fresh, horizon.after, signal))) return;
      const open = now.seqs.filter((seq) => BigInt(seq) > horizon.after);
      followed = {
        language,
        settledSeq: String(horizon.after),
        appliedSeqs: open.slice(0, MOST_APPLIED),
      };
      await this.save(index, campaignId, followed);
      if (fresh.length === 0) return;
    }
  }

  /** All of a campaign's documents. @throws OutboundError */
  async remove({ name }: SearchIndexRow, campaignId: string): Promise<void> {
    await this.server.removeCampaign(name, campaignId);
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.deleteFollowed(tx, name, campaignId));
  }

  private async look(horizon: ChangeHorizon, campaignId: string): Promise<ChangedSeqsRow> {
    const [changed] = await this.system.read<ChangedSeqsRow>(
      SYSTEM_SCOPE,
      this.rows.listChangedSeqs(campaignId, String(horizon.after)),
    );
    const { seqs, oldestOpen, nextToBegin } = changed!;
    const highest = seqs.at(-1);
    horizon.read(
      { oldestOpen: BigInt(oldestOpen), nextToBegin: BigInt(nextToBegin) },
      highest === undefined ? null : BigInt(highest),
    );
    return changed!;
  }

  /** @param seqs from low to high @param settled nothing will come below it that is not among them @returns false where the signal came first */
  private async tell(
    index: SearchIndexRow,
    campaignId: string,
    language: CampaignLanguage,
    seqs: readonly string[],
    settled: bigint,
    signal: AbortSignal,
  ): Promise<boolean> {
    const ear = await this.models.read(language);
    for (let from = 0, pages = 1; from < seqs.length; from += PAGE, pages += 1) {
      if (signal.aborted) return false;
      const page = seqs.slice(from, from + PAGE);
      const rows = await this.system.read<IndexedRow>(SYSTEM_SCOPE, this.rows.listRows(campaignId, page));
      const documents = rows.map((row) => ({
        id: row.id,
        version: row.seq,
        document: toIndexDocument(row, language, index.hasSounds, ear),
      }));
      await this.server.put(index.name, documents, signal);
      const last = BigInt(page.at(-1)!);
      if (pages % PAGES_PER_SAVE === 0 && last <= settled)
        await this.save(index, campaignId, { language, settledSeq: String(last), appliedSeqs: [] });
    }
    return true;
  }

  private save({ name }: SearchIndexRow, campaignId: string, followed: FollowedRow): Promise<void> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.upsertFollowed(tx, name, campaignId, followed));
  }
}
