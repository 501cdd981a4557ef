import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import type { LinkEnd, LinkKind } from './link-kinds.js';
import type { LinkEntity } from './link.entity.js';

export type LinkRow = LinkEntity;

/** A link with what its ends are called; both are there, and seen by whoever reads it. */
export interface ShownLinkRow extends LinkRow {
  readonly fromName: string;
  readonly fromKind: ObjectKind;
  readonly toName: string;
  readonly toKind: ObjectKind;
}

/** What may be written of one. */
export type LinkContent = Pick<
  LinkRow,
  'type' | 'isDirected' | 'strength' | 'distanceM' | 'travelTimeS' | 'details' | 'visibility' | 'shownTo'
>;

export interface LinkFilter {
  readonly kind: LinkKind;
  /** The object at one of its ends, and at which. */
  readonly objectId?: string | undefined;
  readonly end?: LinkEnd | undefined;
  readonly type?: string | undefined;
}

const COLUMNS = `
  l.id, l.campaign_id AS "campaignId", l.kind, l.from_id AS "fromId", l.to_id AS "toId", l.type, l.is_directed AS "isDirected", l.strength,
  l.distance_m AS "distanceM", l.travel_time_s AS "travelTimeS", l.details, l.visibility, l.shown_to AS "shownTo", l.version,
  l.change_seq AS "changeSeq", l.created_at AS "createdAt", l.updated_at AS "updatedAt"`;

/** A link is told with both its ends or not at all. */
const SHOWN = `
  SELECT ${COLUMNS}, f.name AS "fromName", f.kind AS "fromKind", t.name AS "toName", t.kind AS "toKind"
  FROM tabletop.link l
  JOIN tabletop.object f ON f.campaign_id = l.campaign_id AND f.id = l.from_id AND f.deleted_at IS NULL
  JOIN tabletop.object t ON t.campaign_id = l.campaign_id AND t.id = l.to_id AND t.deleted_at IS NULL`;

/** Which end the object `$3` is. */
const AT_END: Readonly<Record<LinkEnd, string>> = {
  any: '(l.from_id = $3 OR l.to_id = $3)',
  from: 'l.from_id = $3',
  to: 'l.to_id = $3',
};

/** Links, in the scope of whoever asks: row-level security says which there are. */
@Injectable()
export class LinksRepository {
  /** @returns false when the id is taken, or the pair has its one link of the kind */
  async insertLink(
    tx: Tx,
    row: LinkContent & Pick<LinkRow, 'id' | 'campaignId' | 'kind' | 'fromId' | 'toId'>,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.links.insert-link',
      text: `INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, type, is_directed, strength, distance_m, travel_time_s, details,
               visibility, shown_to)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [
        row.id,
        row.campaignId,
        row.kind,
        row.fromId,
        row.toId,
        row.type,
        row.isDirected,
        row.strength,
        row.distanceM,
        row.travelTimeS,
        JSON.stringify(row.details),
        row.visibility,
        row.shownTo,
      ],
    });
    return rows.length === 1;
  }

  /** @returns null where there is none that the caller sees with both its ends */
  async findLink(tx: Tx, id: string): Promise<ShownLinkRow | null> {
    const [row] = await tx.query<ShownLinkRow>({
      name: 'tabletop.links.find-link',
      text: `${SHOWN} WHERE l.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** The one link of a kind of which there is one between two objects. */
  async findBetween(tx: Tx, kind: LinkKind, fromId: string, toId: string): Promise<ShownLinkRow | null> {
    const [row] = await tx.query<ShownLinkRow>({
      name: 'tabletop.links.find-between',
      text: `${SHOWN} WHERE l.kind = $1 AND l.from_id = $2 AND l.to_id = $3 ORDER BY l.id LIMIT 1`,
      values: [kind, fromId, toId],
    });
    return row ?? null;
  }

  /** @returns false when it has another version by now, or may not be written */
  async updateLink(tx: Tx, id: string, version: number, row: LinkContent): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.links.update-link',
      text: `UPDATE tabletop.link SET type = $3, is_directed = $4, strength = $5, distance_m = $6, travel_time_s = $7, details = $8,
               visibility = $9, shown_to = $10, version = version + 1, change_seq = tabletop.next_change(), updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING 1`,
      values: [
        id,
        version,
        row.type,
        row.isDirected,
        row.strength,
        row.distanceM,
        row.travelTimeS,
        JSON.stringify(row.details),
        row.visibility,
        row.shownTo,
      ],
    });
    return rows.length === 1;
  }

  /** @returns false when it has another version by now, or may not be written */
  async deleteLink(tx: Tx, id: string, version: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.links.delete-link',
      text: 'DELETE FROM tabletop.link WHERE id = $1 AND version = $2 RETURNING 1',
      values: [id, version],
    });
    return rows.length === 1;
  }

  /** By id, which is by time. @param after only those behind this id */
  listPage(campaignId: string, filter: LinkFilter, after: string | null, limit: number): Statement {
    const end = filter.end ?? 'any';
    return {
      name: `tabletop.links.list-page-${filter.objectId === undefined ? 'all' : end}`,
      text: `${SHOWN}
             WHERE l.campaign_id = $1 AND l.kind = $2 AND ($3::uuid IS NULL OR ${AT_END[end]})
               AND ($4::text IS NULL OR l.type = $4) AND ($5::uuid IS NULL OR l.id > $5)
             ORDER BY l.id LIMIT $6`,
      values: [campaignId, filter.kind, filter.objectId ?? null, filter.type ?? null, after, limit],
      isPlannedAnew: true,
    };
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.links.list-campaign',
      text: `${SHOWN} WHERE l.campaign_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
