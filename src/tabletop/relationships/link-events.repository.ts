import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { LinkEventEntity } from './link-event.entity.js';

export type LinkEventRow = LinkEventEntity;

const COLUMNS = `
  e.id, e.campaign_id AS "campaignId", e.link_id AS "linkId", e.happened_at AS "happenedAt", e.world_date AS "worldDate", e.type, e.strength,
  e.notes, e.created_at AS "createdAt"`;

/** What has happened in relations, in the scope of whoever asks. */
@Injectable()
export class LinkEventsRepository {
  async insertEvent(tx: Tx, row: Omit<LinkEventRow, 'createdAt'>): Promise<LinkEventRow> {
    const [made] = await tx.query<LinkEventRow>({
      name: 'tabletop.link-events.insert-event',
      text: `INSERT INTO tabletop.link_event AS e (id, campaign_id, link_id, happened_at, world_date, type, strength, notes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
      values: [
        row.id,
        row.campaignId,
        row.linkId,
        row.happenedAt,
        row.worldDate,
        row.type,
        row.strength,
        row.notes,
      ],
    });
    return made!;
  }

  /** Of one relation, oldest first. @param newest no more than these; null = all */
  listEvents(campaignId: string, linkId: string, newest: number | null = null): Statement {
    return {
      name: 'tabletop.link-events.list-events',
      text: `SELECT ${COLUMNS} FROM (SELECT * FROM tabletop.link_event
               WHERE campaign_id = $1 AND link_id = $2 ORDER BY happened_at DESC, id DESC LIMIT $3) e
             ORDER BY e.happened_at, e.id`,
      values: [campaignId, linkId, newest],
    };
  }

  /** @returns whether it was there */
  async deleteEvent(tx: Tx, linkId: string, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.link-events.delete-event',
      text: 'DELETE FROM tabletop.link_event WHERE link_id = $1 AND id = $2 RETURNING 1',
      values: [linkId, id],
    });
    return rows.length === 1;
  }

  /** Of all relations both ends of which the caller sees, by id, for taking a campaign along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.link-events.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.link_event e JOIN tabletop.link l ON l.campaign_id = e.campaign_id AND l.id = e.link_id
             WHERE e.campaign_id = $1 AND e.id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = l.from_id AND p.deleted_at IS NULL)
               AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = l.to_id AND p.deleted_at IS NULL)
             ORDER BY e.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
