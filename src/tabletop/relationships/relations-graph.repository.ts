import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Pair } from './graph.js';
import type { Step } from './two-ended-search.js';

export interface GraphNodeRow {
  readonly id: string;
  readonly name: string;
  readonly characterKind: string | null;
}

export interface GraphEdgeRow {
  readonly id: string;
  readonly fromId: string;
  readonly toId: string;
  readonly type: string;
  readonly isDirected: boolean;
  readonly strength: number | null;
}

/** As the graph is, or as it was at a moment: then of the relations that had begun. */
export interface GraphView {
  readonly campaignId: string;
  readonly at: Date | null;
}

/** `$2` is the moment. What is asked of it is another statement, so that the usual one does not pay for it. */
const BEGUN = `AND EXISTS (SELECT FROM tabletop.link_event e WHERE e.campaign_id = $1 AND e.link_id = l.id AND e.happened_at <= $2)`;
const ALWAYS = 'AND $2::timestamptz IS NULL';

/** Relations that touch an end in `$3`, each with the end on its other side. */
const around = (begun: string): string => `
  SELECT l.to_id AS id, l.from_id AS via FROM tabletop.link l
  WHERE l.campaign_id = $1 AND l.from_id = ANY ($3::uuid[]) AND l.kind = 'relationship' ${begun}
  UNION ALL
  SELECT l.from_id, l.to_id FROM tabletop.link l
  WHERE l.campaign_id = $1 AND l.to_id = ANY ($3::uuid[]) AND l.kind = 'relationship' ${begun}`;

/** Joins the object on the other side, so that no step leads over somebody whom the caller cannot see. */
const SEEN = `JOIN tabletop.object o ON o.campaign_id = $1 AND o.id = n.id AND o.deleted_at IS NULL`;

/**
 * Relations between characters, in the scope of whoever asks: row-level security and the joins to both ends say which there are, before anything is
 * counted, cut or walked over. Every statement looks at one level of neighbours, whatever circles there are.
 */
@Injectable()
export class RelationsGraphRepository {
  /** Ids of all who stand in a relation with any of these, each once. */
  async listNeighbours(tx: Tx, view: GraphView, ids: readonly string[]): Promise<string[]> {
    const begun = view.at === null ? ALWAYS : BEGUN;
    // One text is much faster to take in than thousands of rows.
    const [row] = await tx.query<{ ids: string | null }>({
      name: `tabletop.graph.list-neighbours${suffix(view)}`,
      text: `SELECT string_agg(o.id::text, ',') AS ids FROM (SELECT DISTINCT id FROM (${around(begun)}) s) n ${SEEN}`,
      values: [view.campaignId, view.at, ids],
    });
    return row?.ids?.split(',') ?? [];
  }

  /** The same, each with one of those through whom it was reached. */
  listSteps(tx: Tx, view: GraphView, ids: readonly string[]): Promise<Step[]> {
    const begun = view.at === null ? ALWAYS : BEGUN;
    return tx.query<Step>({
      name: `tabletop.graph.list-steps${suffix(view)}`,
      text: `SELECT DISTINCT ON (n.id) n.id, n.via FROM (${around(begun)}) n ${SEEN} ORDER BY n.id, n.via`,
      values: [view.campaignId, view.at, ids],
    });
  }

  /** All pairs of the campaign: for a way so long that level by level would take longer. */
  async listPairs(tx: Tx, view: GraphView): Promise<Pair[]> {
    const begun = view.at === null ? ALWAYS : BEGUN;
    const [row] = await tx.query<{ pairs: string | null }>({
      name: `tabletop.graph.list-pairs${suffix(view)}`,
      text: `SELECT string_agg(l.from_id || ' ' || l.to_id, ',') AS pairs FROM tabletop.link l
             JOIN tabletop.object f ON f.campaign_id = $1 AND f.id = l.from_id AND f.deleted_at IS NULL
             JOIN tabletop.object t ON t.campaign_id = $1 AND t.id = l.to_id AND t.deleted_at IS NULL
             WHERE l.campaign_id = $1 AND l.kind = 'relationship' ${begun}`,
      values: [view.campaignId, view.at],
    });
    return row?.pairs?.split(',').map((pair) => pair.split(' ') as [string, string]) ?? [];
  }

  /** Who of these there is, by id. */
  listNodes(tx: Tx, campaignId: string, ids: readonly string[]): Promise<GraphNodeRow[]> {
    return tx.query<GraphNodeRow>({
      name: 'tabletop.graph.list-nodes',
      text: `SELECT o.id, o.name, o.details ->> 'characterKind' AS "characterKind" FROM tabletop.object o
             WHERE o.campaign_id = $1 AND o.id = ANY ($2::uuid[]) AND o.deleted_at IS NULL ORDER BY o.id`,
      values: [campaignId, ids],
    });
  }

  /**
   * Relations among these alone, all of whom the caller is known to see; as they stand, or stood at the moment. Both ends are joined: a list of hundreds
   * would be gone through for every relation.
   * @param ids each once
   */
  listEdges(tx: Tx, view: GraphView, ids: readonly string[], limit: number): Promise<GraphEdgeRow[]> {
    const stood =
      view.at === null
        ? { columns: 'l.type, l.strength', join: '' }
        : {
            columns: 'e.type, e.strength',
            join: `CROSS JOIN LATERAL (
               SELECT e.type, e.strength FROM tabletop.link_event e
               WHERE e.campaign_id = $1 AND e.link_id = l.id AND e.happened_at <= $2 ORDER BY e.happened_at DESC, e.id DESC LIMIT 1) e`,
          };
    return tx.query<GraphEdgeRow>({
      name: `tabletop.graph.list-edges${suffix(view)}`,
      text: `SELECT l.id, l.from_id AS "fromId", l.to_id AS "toId", l.is_directed AS "isDirected", ${stood.columns}
             FROM unnest($3::uuid[]) AS f(id)
             JOIN tabletop.link l ON l.campaign_id = $1 AND l.from_id = f.id AND l.kind = 'relationship'
             JOIN unnest($3::uuid[]) AS t(id) ON t.id = l.to_id ${stood.join}
             WHERE ${view.at === null ? '$2::timestamptz IS NULL' : 'true'}
             ORDER BY l.id LIMIT $4`,
      values: [view.campaignId, view.at, ids, limit],
    });
  }

  /** Who stands in a relation with both. */
  async listMutual(tx: Tx, view: GraphView, one: string, other: string, limit: number): Promise<string[]> {
    const begun = view.at === null ? ALWAYS : BEGUN;
    const rows = await tx.query<{ id: string }>({
      name: `tabletop.graph.list-mutual${suffix(view)}`,
      text: `SELECT n.id FROM (${around(begun)}) n ${SEEN}
             WHERE n.id <> ALL ($3::uuid[]) GROUP BY n.id HAVING count(DISTINCT n.via) = 2 ORDER BY n.id LIMIT $4`,
      values: [view.campaignId, view.at, [one, other], limit],
    });
    return rows.map(({ id }) => id);
  }
}

function suffix({ at }: GraphView): string {
  return at === null ? '' : '-at';
}
