import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { LEARNT } from './learnt-columns.js';
import type { Visibility } from '../objects/object-kinds.js';

/** An object as far as its names go, and who sees it. */
export interface NameRow {
  readonly id: string;
  readonly name: string;
  readonly aliases: string[];
  readonly visibility: Visibility;
  readonly shownTo: string[];
  readonly ownerId: string | null;
  readonly isDeleted: boolean;
  readonly heard: string[] | null;
  readonly heardByMasters: string[] | null;
}

export interface LastChangeRow {
  /** Transactions, see `ReadingMoment`. */
  readonly oldestOpen: string;
  readonly nextToBegin: string;
  /** The campaign's; null = there is no such campaign. */
  readonly language: CampaignLanguage | null;
  readonly seq: string | null;
}

/** What is common to all rows of one reading; `id` is null where nothing has changed. */
export interface ChangedNameRow extends Omit<NameRow, 'id'>, LastChangeRow {
  readonly id: string | null;
}

const NAMES = `
  o.id, o.name, o.aliases, o.visibility, o.shown_to AS "shownTo", o.owner_id AS "ownerId", o.deleted_at IS NOT NULL AS "isDeleted",
  learnt.heard, learnt.by_masters AS "heardByMasters"`;
/** A number of the reading's own, which it gets after its snapshot: whatever had begun to write by then has a lower one. Asked for only where it counts. */
const NEXT_TO_BEGIN = 'pg_current_xact_id()::text';
const MOMENT = `
  (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "oldestOpen",
     (SELECT language FROM tabletop.campaign WHERE id = $1) AS language) moment`;

/** All names of a campaign, for the platform's role: the index of names holds them with who sees them. */
@Injectable()
export class NameRowsRepository {
  /** The highest number among a campaign's changes, when it was so, and the campaign's language. */
  lastChange(campaignId: string): Statement {
    return {
      name: 'tabletop.names.last-change',
      text: `SELECT moment.*, ${NEXT_TO_BEGIN} AS "nextToBegin", greatest((SELECT max(change_seq) FROM tabletop.object WHERE campaign_id = $1),
               (SELECT max(change_seq) FROM tabletop.learnt_name WHERE campaign_id = $1)) AS seq
             FROM ${MOMENT}`,
      values: [campaignId],
    };
  }

  /** By id. @param after the last one of the page before */
  listPage(campaignId: string, after: string | null, limit: number): Statement {
    return {
      name: 'tabletop.names.list-page',
      text: `SELECT ${NAMES} FROM tabletop.object o ${LEARNT}
             WHERE o.campaign_id = $1 AND o.deleted_at IS NULL AND ($2::uuid IS NULL OR o.id > $2) ORDER BY o.id LIMIT $3`,
      values: [campaignId, after, limit],
      isPlannedAnew: true,
    };
  }

  /** Objects that have changed, or one of whose learnt names has; one row without an id where none has. */
  listChanged(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.names.list-changed',
      text: `SELECT moment.*, CASE WHEN changed.id IS NOT NULL THEN ${NEXT_TO_BEGIN} ELSE "oldestOpen" END AS "nextToBegin", changed.*
             FROM ${MOMENT} LEFT JOIN (
               SELECT ${NAMES}, greatest(o.change_seq, learnt.seq) AS seq FROM tabletop.object o ${LEARNT}
               WHERE o.campaign_id = $1 AND o.id IN (
                 (SELECT id FROM tabletop.object WHERE campaign_id = $1 AND change_seq > $2 ORDER BY change_seq LIMIT $3)
                 UNION ALL SELECT object_id FROM tabletop.learnt_name WHERE campaign_id = $1 AND change_seq > $2)
             ) changed ON true`,
      values: [campaignId, after, limit],
    };
  }

  /** Whatever a transaction wrote that is not older than this one: a scan of the campaign. Numbers of transactions wrap. */
  listWrittenSince(campaignId: string, oldest: bigint): Statement {
    const isWritten = (row: string): string =>
      `(${row}.xmin::text::bigint - $2::bigint + 4294967296) % 4294967296 < 2147483648`;
    return {
      name: 'tabletop.names.list-written-since',
      text: `SELECT ${NAMES} FROM tabletop.object o ${LEARNT}
             WHERE o.campaign_id = $1 AND (${isWritten('o')}
               OR o.id IN (SELECT l.object_id FROM tabletop.learnt_name l WHERE l.campaign_id = $1 AND ${isWritten('l')}))`,
      values: [campaignId, String(BigInt.asUintN(32, oldest))],
    };
  }
}
