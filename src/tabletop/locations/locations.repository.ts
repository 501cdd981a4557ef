import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { Visibility } from '../objects/object-kinds.js';

/** A place on the way up. */
export interface PlaceRow {
  readonly id: string;
  /** Of any place, seen or not: only places that were read are ever told. */
  readonly parentId: string | null;
  readonly name: string;
  readonly details: object;
}

export interface TreeRow extends PlaceRow {
  readonly visibility: Visibility;
}

export interface NamedWay {
  readonly fromId: string;
  readonly toId: string;
  readonly type: string;
}

const PLACE = 'o.id, o.parent_id AS "parentId", o.name, o.details';

/** Places and the ways between them, in the scope of whoever asks: row-level security says which there are. */
@Injectable()
export class LocationsRepository {
  /** Until the end of the transaction nobody else moves places of the campaign: two moves could make a circle, each without seeing the other. */
  async lockTree(tx: Tx, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.locations.lock-tree',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.tabletopTree}, hashtext($1))`,
      values: [campaignId],
    });
  }

  /**
   * The place and those around it, up to the first one that the caller does not see, in no order. It ends on a circle: a row that is there already
   * leads nowhere.
   * @param withDeleted those that are deleted too, which may be restored into a circle
   */
  around(id: string, withDeleted = false): Statement {
    const isThere = withDeleted ? 'true' : 'p.deleted_at IS NULL';
    return {
      name: `tabletop.locations.around${withDeleted ? '-deleted' : ''}`,
      text: `WITH RECURSIVE up (id, parent_id) AS (
               SELECT p.id, p.parent_id FROM tabletop.object p WHERE p.id = $1 AND p.kind = 'location' AND ${isThere}
               UNION
               SELECT p.id, p.parent_id FROM up JOIN tabletop.object p ON p.id = up.parent_id AND p.kind = 'location' AND ${isThere}
             ) SELECT ${PLACE} FROM up JOIN tabletop.object o ON o.id = up.id`,
      values: [id],
    };
  }

  /** By name. @param rootId it and what is within it; null = all of the campaign */
  tree(campaignId: string, rootId: string | null, limit: number): Statement {
    const [name, from] =
      rootId === null
        ? ['tabletop.locations.tree', 'tabletop.object o WHERE']
        : ['tabletop.locations.tree-of', `down JOIN tabletop.object o ON o.id = down.id WHERE`];
    const within = `WITH RECURSIVE down (id) AS (
        SELECT p.id FROM tabletop.object p WHERE p.id = $3 AND p.campaign_id = $1
        UNION
        SELECT p.id FROM down JOIN tabletop.object p ON p.parent_id = down.id
        WHERE p.campaign_id = $1 AND p.kind = 'location' AND p.deleted_at IS NULL
      ) `;
    return {
      name,
      text: `${rootId === null ? '' : within}SELECT ${PLACE}, o.visibility FROM ${from}
               o.campaign_id = $1 AND o.kind = 'location' AND o.deleted_at IS NULL ORDER BY o.name, o.id LIMIT $2`,
      values: rootId === null ? [campaignId, limit] : [campaignId, limit, rootId],
    };
  }

  /** All ways between places that the caller sees, with both ends. */
  ways(campaignId: string): Statement {
    return {
      name: 'tabletop.locations.ways',
      text: `SELECT l.id, l.from_id AS "fromId", l.to_id AS "toId", l.is_directed AS "isDirected", l.distance_m AS "distanceM",
               l.travel_time_s AS "travelTimeS"
             FROM tabletop.link l
             JOIN tabletop.object f ON f.id = l.from_id AND f.deleted_at IS NULL
             JOIN tabletop.object t ON t.id = l.to_id AND t.deleted_at IS NULL
             WHERE l.campaign_id = $1 AND l.kind = 'edge'`,
      values: [campaignId],
    };
  }

  /** Directly within a place, by name. */
  within(campaignId: string, parentId: string, limit: number): Statement {
    return {
      name: 'tabletop.locations.within',
      text: `SELECT ${PLACE}, o.visibility FROM tabletop.object o
             WHERE o.campaign_id = $1 AND o.parent_id = $2 AND o.kind = 'location' AND o.deleted_at IS NULL ORDER BY o.name, o.id LIMIT $3`,
      values: [campaignId, parentId, limit],
    };
  }

  /** Between those. */
  waysWithin(campaignId: string, parentId: string): Statement {
    return {
      name: 'tabletop.locations.ways-within',
      text: `SELECT l.from_id AS "fromId", l.to_id AS "toId", l.type FROM tabletop.link l
             JOIN tabletop.object f ON f.id = l.from_id AND f.deleted_at IS NULL AND f.parent_id = $2
             JOIN tabletop.object t ON t.id = l.to_id AND t.deleted_at IS NULL AND t.parent_id = $2
             WHERE l.campaign_id = $1 AND l.kind = 'edge' ORDER BY l.id`,
      values: [campaignId, parentId],
    };
  }

  async listNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; name: string }>({
      name: 'tabletop.locations.list-names',
      text: 'SELECT id, name FROM tabletop.object WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL',
      values: [ids],
    });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
