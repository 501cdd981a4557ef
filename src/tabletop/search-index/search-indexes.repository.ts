import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { LEARNT } from '../search/learnt-columns.js';
import { INDEX_LAYOUT } from './index-layout.js';

export interface SearchIndexRow {
  readonly name: string;
  readonly hasSounds: boolean;
}

/** How far an index has followed a campaign. */
export interface FollowedRow {
  /** In which it was read; '' = nothing was yet. */
  readonly language: CampaignLanguage | '';
  readonly settledSeq: string;
  readonly appliedSeqs: string[];
}

/** Whoever tells an index of a campaign: until when, at most. */
export interface Claim {
  /** As PostgreSQL writes it, to the microsecond. */
  readonly fedUntil: string;
}

/** The numbers of a campaign's changes above one, at one moment. */
export interface ChangedSeqsRow {
  /** null = the campaign is gone. */
  readonly language: CampaignLanguage | null;
  readonly seqs: string[];
  /** Transactions, see `ReadingMoment`. */
  readonly oldestOpen: string;
  readonly nextToBegin: string;
}

/** Whether an index knows everything of a campaign that is committed. */
const isFollowed = (campaign: string): string => `(
  f.language = (SELECT own.language FROM tabletop.campaign own WHERE own.id = ${campaign})
  AND NOT EXISTS (SELECT FROM tabletop.object o WHERE o.campaign_id = ${campaign} AND o.change_seq > f.settled_seq AND o.change_seq <> ALL (f.applied_seqs))
  AND NOT EXISTS (
    SELECT FROM tabletop.learnt_name l WHERE l.campaign_id = ${campaign} AND l.change_seq > f.settled_seq AND l.change_seq <> ALL (f.applied_seqs)))`;
const CURRENT = `
  (SELECT i.name, i.has_sounds FROM tabletop.search_index i WHERE i.layout = ${INDEX_LAYOUT} ORDER BY i.created_at DESC, i.name LIMIT 1)`;

/** Which index is asked, how far it has come, and what it has to be told. For the platform's role. */
@Injectable()
export class SearchIndexesRepository {
  /** The one that is asked. */
  current(): Statement {
    return {
      name: 'tabletop.search-index.current',
      text: `SELECT i.name, i.has_sounds AS "hasSounds" FROM ${CURRENT} i`,
      values: [],
    };
  }

  /** The one that is asked, and whether it knows all of a campaign. */
  currentOf(campaignId: string): Statement {
    return {
      name: 'tabletop.search-index.current-of',
      text: `SELECT i.name, i.has_sounds AS "hasSounds", coalesce((
               SELECT ${isFollowed('$1')} FROM tabletop.indexed_campaign f WHERE f.index_name = i.name AND f.campaign_id = $1), false) AS "isFollowed"
             FROM ${CURRENT} i`,
      values: [campaignId],
    };
  }

  /** All that were made, the newest of this layout first. */
  listAll(): Statement {
    return {
      name: 'tabletop.search-index.list-all',
      text: `SELECT name, has_sounds AS "hasSounds", layout = ${INDEX_LAYOUT} AS "isOfLayout" FROM tabletop.search_index
             ORDER BY layout = ${INDEX_LAYOUT} DESC, created_at DESC, name`,
      values: [],
    };
  }

  async insertIndex(tx: Tx, name: string): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.insert-index',
      text: 'INSERT INTO tabletop.search_index (name, layout, has_sounds) VALUES ($1, $2, false)',
      values: [name, INDEX_LAYOUT],
    });
  }

  async updateSounds(tx: Tx, name: string): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.update-sounds',
      text: 'UPDATE tabletop.search_index SET has_sounds = true WHERE name = $1',
      values: [name],
    });
  }

  async deleteIndex(tx: Tx, name: string): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.delete-index',
      text: 'DELETE FROM tabletop.search_index WHERE name = $1',
      values: [name],
    });
  }

  /**
   * Whoever tells an index of a campaign does so alone: two at once could put an older text over a newer one of the same number.
   * @param ms for so long at most @returns what is known of it, and the claim; null = somebody else does
   */
  async claim(tx: Tx, index: string, campaignId: string, ms: number): Promise<(FollowedRow & Claim) | null> {
    const [row] = await tx.query<FollowedRow & Claim>({
      name: 'tabletop.search-index.claim',
      text: `INSERT INTO tabletop.indexed_campaign AS f (index_name, campaign_id, language, settled_seq, applied_seqs, fed_until, checked_at)
             SELECT i.name, $2::uuid, '', 0, '{}', clock_timestamp() + $3 * interval '1 ms', now() FROM tabletop.search_index i WHERE i.name = $1
             ON CONFLICT (index_name, campaign_id) DO UPDATE SET fed_until = excluded.fed_until WHERE f.fed_until <= clock_timestamp()
             RETURNING language, settled_seq AS "settledSeq", applied_seqs AS "appliedSeqs", fed_until::text AS "fedUntil"`,
      values: [index, campaignId, ms],
    });
    return row ?? null;
  }

  /** One that has run out meanwhile is somebody else's by now, and stays. */
  async release(tx: Tx, index: string, campaignId: string, { fedUntil }: Claim): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.release',
      text: `UPDATE tabletop.indexed_campaign SET fed_until = clock_timestamp() WHERE index_name = $1 AND campaign_id = $2 AND fed_until = $3::timestamptz`,
      values: [index, campaignId, fedUntil],
    });
  }

  /** @returns false where the claim has run out: whoever has it now says what is there */
  async updateFollowed(
    tx: Tx,
    index: string,
    campaignId: string,
    { fedUntil }: Claim,
    { language, settledSeq, appliedSeqs }: FollowedRow,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.search-index.update-followed',
      text: `UPDATE tabletop.indexed_campaign SET language = $3, settled_seq = $4, applied_seqs = $5
             WHERE index_name = $1 AND campaign_id = $2 AND fed_until = $6::timestamptz AND fed_until > clock_timestamp() RETURNING 1`,
      values: [index, campaignId, language, settledSeq, appliedSeqs, fedUntil],
    });
    return rows.length > 0;
  }

  async updateChecked(tx: Tx, index: string, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.update-checked',
      text: 'UPDATE tabletop.indexed_campaign SET checked_at = now() WHERE index_name = $1 AND campaign_id = $2',
      values: [index, campaignId],
    });
  }

  async deleteFollowed(tx: Tx, index: string, campaignId: string, { fedUntil }: Claim): Promise<void> {
    await tx.query({
      name: 'tabletop.search-index.delete-followed',
      text: 'DELETE FROM tabletop.indexed_campaign WHERE index_name = $1 AND campaign_id = $2 AND fed_until = $3::timestamptz',
      values: [index, campaignId, fedUntil],
    });
  }

  /** @param after numbers up to this one are not wanted */
  listChangedSeqs(campaignId: string, after: string): Statement {
    return {
      name: 'tabletop.search-index.list-changed-seqs',
      text: `SELECT (SELECT language FROM tabletop.campaign WHERE id = $1) AS language, ARRAY(
               SELECT change_seq FROM tabletop.object WHERE campaign_id = $1 AND change_seq > $2
               UNION ALL SELECT change_seq FROM tabletop.learnt_name WHERE campaign_id = $1 AND change_seq > $2 ORDER BY 1) AS seqs,
               pg_snapshot_xmin(pg_current_snapshot())::text AS "oldestOpen", pg_current_xact_id()::text AS "nextToBegin"`,
      values: [campaignId, after],
    };
  }

  /** Which transactions are open. */
  moment(): Statement {
    return {
      name: 'tabletop.search-index.moment',
      text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "oldestOpen"`,
      values: [],
    };
  }

  /** The objects that these changes are of, as they are now. @param seqs of one campaign */
  listRows(campaignId: string, seqs: readonly string[]): Statement {
    return {
      name: 'tabletop.search-index.list-rows',
      text: `SELECT o.id, o.campaign_id AS "campaignId", greatest(o.change_seq, learnt.seq) AS seq, o.deleted_at IS NOT NULL AS "isDeleted", o.kind,
               o.name, o.aliases, o.summary, o.body, o.details, o.tags, o.visibility, o.shown_to AS "shownTo", o.owner_id AS "ownerId",
               learnt.heard, learnt.by_masters AS "heardByMasters"
             FROM tabletop.object o ${LEARNT}
             WHERE o.id IN (
               SELECT id FROM tabletop.object WHERE campaign_id = $1 AND change_seq = ANY ($2::bigint[])
               UNION ALL SELECT object_id FROM tabletop.learnt_name WHERE campaign_id = $1 AND change_seq = ANY ($2::bigint[]))`,
      values: [campaignId, seqs],
    };
  }

  /** A row where an index knows everything of a campaign. */
  followed(index: string, campaignId: string): Statement {
    return {
      name: 'tabletop.search-index.followed',
      text: `SELECT f.campaign_id FROM tabletop.indexed_campaign f WHERE f.index_name = $1 AND f.campaign_id = $2 AND ${isFollowed('$2')}`,
      values: [index, campaignId],
    };
  }

  /** Campaigns of which an index does not know everything, those first that nobody tried to tell it for longest. */
  listBehind(index: string, limit: number): Statement {
    return {
      name: 'tabletop.search-index.list-behind',
      text: `SELECT c.id FROM tabletop.campaign c LEFT JOIN tabletop.indexed_campaign f ON f.index_name = $1 AND f.campaign_id = c.id
             WHERE c.deleted_at IS NULL AND (f.campaign_id IS NULL OR NOT ${isFollowed('c.id')})
             ORDER BY f.fed_until NULLS FIRST, c.id LIMIT $2`,
      values: [index, limit],
    };
  }

  /** Campaigns that an index still holds and that are gone for good. */
  listGone(index: string, limit: number): Statement {
    return {
      name: 'tabletop.search-index.list-gone',
      text: `SELECT f.campaign_id AS id FROM tabletop.indexed_campaign f
             WHERE f.index_name = $1 AND NOT EXISTS (SELECT FROM tabletop.campaign c WHERE c.id = f.campaign_id) LIMIT $2`,
      values: [index, limit],
    };
  }

  /** Campaigns that were not compared with the index for longest. */
  listToCheck(index: string, before: Date, limit: number): Statement {
    return {
      name: 'tabletop.search-index.list-to-check',
      text: `SELECT campaign_id AS id FROM tabletop.indexed_campaign WHERE index_name = $1 AND checked_at < $2 ORDER BY checked_at LIMIT $3`,
      values: [index, before, limit],
    };
  }

  /** What an index should hold of a campaign, where it knows everything of it. */
  tally(index: string, campaignId: string): Statement {
    return {
      name: 'tabletop.search-index.tally',
      text: `SELECT count(*)::int AS count, coalesce(sum(greatest(o.change_seq, learnt.seq)), 0)::float8 AS changes,
               coalesce((SELECT ${isFollowed('$2')} FROM tabletop.indexed_campaign f WHERE f.index_name = $1 AND f.campaign_id = $2), false) AS "isFollowed"
             FROM tabletop.object o ${LEARNT}
             WHERE o.campaign_id = $2 AND o.deleted_at IS NULL`,
      values: [index, campaignId],
    };
  }
}
