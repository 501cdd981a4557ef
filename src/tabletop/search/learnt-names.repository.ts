import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { LearntNameEntity } from './learnt-name.entity.js';

export type LearntNameRow = Omit<LearntNameEntity, 'changeSeq'>;

const COLUMNS = `id, campaign_id AS "campaignId", object_id AS "objectId", heard, is_for_masters AS "isForMasters", created_at AS "createdAt"`;

/** What objects are found by beside their names, in the scope of whoever asks. */
@Injectable()
export class LearntNamesRepository {
  /** Said again it is the one that there is. */
  async insertOnce(tx: Tx, row: Omit<LearntNameRow, 'createdAt'>): Promise<LearntNameRow> {
    await tx.query({
      name: 'tabletop.learnt-names.insert-once',
      text: `INSERT INTO tabletop.learnt_name (id, campaign_id, object_id, heard, is_for_masters) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      values: [row.id, row.campaignId, row.objectId, row.heard, row.isForMasters],
    });
    const [kept] = await tx.query<LearntNameRow>({
      name: 'tabletop.learnt-names.find-same',
      text: `SELECT ${COLUMNS} FROM tabletop.learnt_name WHERE object_id = $1 AND is_for_masters = $2 AND heard = $3`,
      values: [row.objectId, row.isForMasters, row.heard],
    });
    return kept!;
  }

  async countOf(tx: Tx, objectId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.learnt-names.count-of',
      text: 'SELECT count(*)::int AS count FROM tabletop.learnt_name WHERE object_id = $1',
      values: [objectId],
    });
    return row!.count;
  }

  /** Newest first. @param before only older ones than this id */
  listPage(campaignId: string, before: string | null, limit: number): Statement {
    return {
      name: 'tabletop.learnt-names.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.learnt_name WHERE campaign_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      values: [campaignId, before, limit],
    };
  }

  /** The object counts as changed, so that all who follow names hear of it. @returns null where there is none that the caller may take back */
  async deleteOne(tx: Tx, campaignId: string, id: string): Promise<LearntNameRow | null> {
    const [row] = await tx.query<LearntNameRow>({
      name: 'tabletop.learnt-names.delete-one',
      text: `WITH gone AS (DELETE FROM tabletop.learnt_name WHERE campaign_id = $1 AND id = $2 RETURNING *),
               told AS (UPDATE tabletop.object SET change_seq = tabletop.next_change() WHERE id IN (SELECT object_id FROM gone))
             SELECT ${COLUMNS} FROM gone`,
      values: [campaignId, id],
    });
    return row ?? null;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.learnt-names.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.learnt_name n
             WHERE campaign_id = $1 AND id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = n.object_id AND p.deleted_at IS NULL)
             ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
