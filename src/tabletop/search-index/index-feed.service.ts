import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { ChangeHorizon } from '../search/change-horizon.js';
import { NameModelReader } from '../search/name-model.reader.js';
import { type IndexedRow, toIndexDocument } from './index-document.js';
import {
  type ChangedSeqsRow,
  type Claim,
  type FollowedRow,
  SearchIndexesRepository,
  type SearchIndexRow,
} from './search-indexes.repository.js';
import { FEED_MS } from './search-index.jobs.js';
import { SearchServer } from './search-server.client.js';

/** Objects that are read and told at once. */
const PAGE = 100;
/** What was reached is written down after so many of them. */
const PAGES_PER_SAVE = 10;
/** While others write, it is read again so often. */
const MOST_ROUNDS = 5;
/** More changes that wait for older transactions are not remembered one by one: the index counts as behind until these have ended. */
const MOST_APPLIED = 500;
/** Transactions that are open are waited for so long, so that what was read is settled before it is told. */
const SETTLES_WITHIN_MS = 3_000;
const SETTLE_POLL_MS = 50;
/** A claim outlasts the last request of whoever has it. */
const CLAIM_MS = 2 * FEED_MS;

/** What one call does under one claim. */
interface Turn {
  readonly index: SearchIndexRow;
  readonly campaignId: string;
  readonly claim: Claim;
  readonly signal: AbortSignal;
}

/**
 * Tells an index what has changed in a campaign, one at a time per campaign. Documents carry the numbers of changes as their versions, so what is told
 * twice changes nothing.
 */
@Injectable()
export class IndexFeed {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly server: SearchServer,
    private readonly rows: SearchIndexesRepository,
    private readonly models: NameModelReader,
  ) {}

  /**
   * Brings an index up to what is committed, as far as it comes until the signal; the next call goes on there. Of a campaign that is gone, it removes
   * everything. Where somebody else is at it, they do this as well. @throws OutboundError
   */
  async feed(index: SearchIndexRow, campaignId: string, signal: AbortSignal): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS && !signal.aborted; round += 1) {
      const known = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.rows.claim(tx, index.name, campaignId, CLAIM_MS),
      );
      if (known === null) return;
      let isOver: boolean;
      try {
        isOver = await this.feedOnce({ index, campaignId, claim: known, signal }, known);
      } finally {
        await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.release(tx, index.name, campaignId, known));
      }
      // Whoever came meanwhile has gone away again, so it is looked once more after the release.
      if (isOver || (await this.isFollowed(index, campaignId))) return;
    }
  }

  /** @returns whether it must be left at that for now */
  private async feedOnce(turn: Turn, known: FollowedRow): Promise<boolean> {
    const { campaignId, signal } = turn;
    let followed = known;
    let horizon = new ChangeHorizon(BigInt(followed.settledSeq));
    let now = await this.look(horizon, campaignId);
    const { language } = now;
    if (language === null) {
      await this.remove(turn);
      return true;
    }
    if (followed.language !== language) {
      followed = { language, settledSeq: '0', appliedSeqs: [] }; // another language: all of it is told anew
      horizon = new ChangeHorizon(0n);
      now = await this.look(horizon, campaignId);
    }
    // What can be remembered one by one need not wait for others.
    if (now.seqs.length > MOST_APPLIED) await this.settle(horizon, signal);
    now = await this.look(horizon, campaignId);
    if (now.language !== language) return false;
    const open = now.seqs.filter((seq) => BigInt(seq) > horizon.after);
    const appliedSeqs = open.slice(0, MOST_APPLIED);
    const applied = new Set(followed.appliedSeqs);
    const wanted = now.seqs.slice(0, now.seqs.length - open.length + appliedSeqs.length);
    const fresh = wanted.filter((seq) => !applied.has(seq));
    const settledSeq = String(horizon.after);
    if (fresh.length === 0 && followed === known && settledSeq === known.settledSeq) return false;
    if (!(await this.tell(turn, language, fresh, horizon.after))) return true;
    await this.save(turn, { language, settledSeq, appliedSeqs });
    return open.length > MOST_APPLIED;
  }

  /** All of a campaign's documents. @throws OutboundError */
  private async remove({ index: { name }, campaignId, claim, signal }: Turn): Promise<void> {
    if (await this.server.removeCampaign(name, campaignId, signal))
      await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.deleteFollowed(tx, name, campaignId, claim));
  }

  private async isFollowed({ name }: SearchIndexRow, campaignId: string): Promise<boolean> {
    const rows = await this.system.read(SYSTEM_SCOPE, this.rows.followed(name, campaignId));
    return rows.length > 0;
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

  /** Waits for the transactions that were open at the last look, for a while. */
  private async settle({ waitsFor }: ChangeHorizon, signal: AbortSignal): Promise<void> {
    if (waitsFor === undefined) return;
    for (let waitedMs = 0; waitedMs < SETTLES_WITHIN_MS && !signal.aborted; waitedMs += SETTLE_POLL_MS) {
      const [moment] = await this.system.read<{ oldestOpen: string }>(SYSTEM_SCOPE, this.rows.moment());
      if (BigInt(moment!.oldestOpen) >= waitsFor) return;
      await sleep(SETTLE_POLL_MS);
    }
  }

  /** @param seqs from low to high @param settled nothing will come below it that is not among them @returns false where the turn was over first */
  private async tell(
    turn: Turn,
    language: CampaignLanguage,
    seqs: readonly string[],
    settled: bigint,
  ): Promise<boolean> {
    const { index, campaignId, signal } = turn;
    const ear = await this.models.read(language);
    for (let from = 0, pages = 1; from < seqs.length; from += PAGE, pages += 1) {
      const page = seqs.slice(from, from + PAGE);
      const rows = await this.system.read<IndexedRow>(SYSTEM_SCOPE, this.rows.listRows(campaignId, page));
      const documents = rows.map((row) => ({
        id: row.id,
        version: row.seq,
        document: toIndexDocument(row, language, index.hasSounds, ear),
      }));
      if (!(await this.server.put(index.name, documents, signal))) return false;
      const settledSeq = page.at(-1)!;
      if (pages % PAGES_PER_SAVE === 0 && BigInt(settledSeq) <= settled) {
        const isOurs = await this.save(turn, { language, settledSeq, appliedSeqs: [] });
        if (!isOurs) return false;
      }
    }
    return true;
  }

  /** What has been told is searchable before anybody is told that it is there. @returns false where the claim has run out */
  private async save({ index: { name }, campaignId, claim }: Turn, followed: FollowedRow): Promise<boolean> {
    await this.server.refresh(name);
    return this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.updateFollowed(tx, name, campaignId, claim, followed),
    );
  }
}
