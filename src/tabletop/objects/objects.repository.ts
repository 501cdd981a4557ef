import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { searchableText } from './searchable-text.js';
import { OBJECT_KINDS, type ObjectKind } from './object-kinds.js';
import type { ObjectEntity } from './object.entity.js';

export type ObjectRow = Omit<ObjectEntity, 'search' | 'createdBy'>;

export interface ObjectFilter {
  readonly kinds: readonly ObjectKind[];
  /** One of its tags. */
  readonly tag?: string | undefined;
  readonly parentId?: string | undefined;
  readonly ownerId?: string | undefined;
  /** What it begins with, in any case. */
  readonly namePrefix?: string | undefined;
  /** Those that have been deleted, instead of the others. */
  readonly isDeleted?: boolean | undefined;
}

/** What may be written of one. */
export type ObjectContent = Pick<
  ObjectRow,
  | 'name'
  | 'summary'
  | 'body'
  | 'details'
  | 'tags'
  | 'aliases'
  | 'visibility'
  | 'shownTo'
  | 'ownerId'
  | 'parentId'
>;

/** The parent is told to those alone who see it. */
export const OBJECT_COLUMNS = `
  o.id, o.campaign_id AS "campaignId", o.kind, o.name, o.summary, o.body, o.details, o.tags, o.aliases, o.visibility,
  o.shown_to AS "shownTo", o.owner_id AS "ownerId",
  (SELECT p.id FROM tabletop.object p WHERE p.id = o.parent_id AND p.deleted_at IS NULL) AS "parentId",
  o.version, o.change_seq AS "changeSeq", o.created_at AS "createdAt", o.updated_at AS "updatedAt", o.deleted_at AS "deletedAt"`;

/** @param from the place of the name among the values; aliases, summary and body follow @param config that of the configuration's name; the words of details follow */
const searchOf = (from: number, config: number): string => `
  setweight(to_tsvector($${config}::regconfig, $${from} || ' ' || array_to_string($${from + 1}::text[], ' ')), 'A')
  || setweight(to_tsvector('simple', $${from} || ' ' || array_to_string($${from + 1}::text[], ' ')), 'A')
  || setweight(to_tsvector($${config}::regconfig, $${from + 2}), 'B')
  || setweight(to_tsvector($${config}::regconfig, $${from + 3}), 'C')
  || setweight(to_tsvector($${config}::regconfig, $${config + 1}), 'D')`;

/** Objects, in the scope of whoever asks: row-level security says which there are. */
@Injectable()
export class ObjectsRepository {
  /** @param config PostgreSQL's name of the campaign's language @returns false when the id is taken */
  async insertObject(
    tx: Tx,
    row: ObjectContent & { id: string; campaignId: string; kind: ObjectKind; createdBy: string },
    config: string,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.objects.insert-object',
      text: `INSERT INTO tabletop.object (id, campaign_id, kind, created_by, visibility, shown_to, owner_id, parent_id, tags, name, aliases, summary,
               body, details, search)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text, $11::text[], $12::text, $13::text, $14::jsonb, ${searchOf(10, 15)})
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [
        row.id,
        row.campaignId,
        row.kind,
        row.createdBy,
        row.visibility,
        row.shownTo,
        row.ownerId,
        row.parentId,
        row.tags,
        row.name,
        row.aliases,
        row.summary,
        row.body,
        JSON.stringify(row.details),
        config,
        searchableText(row.details),
      ],
    });
    return rows.length === 1;
  }

  /** @returns null when it has another version by now, or may not be written */
  async updateObject(
    tx: Tx,
    id: string,
    version: number,
    row: ObjectContent,
    config: string,
  ): Promise<ObjectRow | null> {
    const [changed] = await tx.query<ObjectRow>({
      name: 'tabletop.objects.update-object',
      text: `UPDATE tabletop.object o SET visibility = $3, shown_to = $4, owner_id = $5, parent_id = $6, tags = $7, name = $8, aliases = $9,
               summary = $10, body = $11, details = $12, search = ${searchOf(8, 13)}, version = version + 1,
               change_seq = tabletop.next_change(), updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING ${OBJECT_COLUMNS}`,
      values: [
        id,
        version,
        row.visibility,
        row.shownTo,
        row.ownerId,
        row.parentId,
        row.tags,
        row.name,
        row.aliases,
        row.summary,
        row.body,
        JSON.stringify(row.details),
        config,
        searchableText(row.details),
      ],
    });
    return changed ?? null;
  }

  /** @returns whether it was there, with that version, for the caller to write */
  async updateDeleted(tx: Tx, id: string, version: number, at: Date | null): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.objects.update-deleted',
      text: `UPDATE tabletop.object SET deleted_at = $3, version = version + 1, change_seq = tabletop.next_change(), updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING 1`,
      values: [id, version, at],
    });
    return rows.length === 1;
  }

  /** Deleted ones too, where the caller sees them. */
  find(id: string): Statement {
    return {
      name: 'tabletop.objects.find',
      text: `SELECT ${OBJECT_COLUMNS} FROM tabletop.object o WHERE o.id = $1`,
      values: [id],
    };
  }

  /** The parent itself, whether the caller sees it or not: for writing it back. */
  async lock(tx: Tx, id: string): Promise<{ version: number; parentId: string | null } | null> {
    const [row] = await tx.query<{ version: number; parentId: string | null }>({
      name: 'tabletop.objects.lock',
      text: `SELECT version, parent_id AS "parentId" FROM tabletop.object WHERE id = $1 FOR NO KEY UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  /** Which of these are objects of the campaign that the caller sees, and not deleted. */
  async listKnown(
    tx: Tx,
    campaignId: string,
    ids: readonly string[],
  ): Promise<{ id: string; kind: ObjectKind }[]> {
    return tx.query({
      name: 'tabletop.objects.list-known',
      text: 'SELECT id, kind FROM tabletop.object WHERE campaign_id = $1 AND id = ANY ($2::uuid[]) AND deleted_at IS NULL',
      values: [campaignId, ids],
    });
  }

  /** By name. @param after name and id of the last one of the page before */
  listPage(
    campaignId: string,
    filter: ObjectFilter,
    after: readonly [name: string, id: string] | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.objects.list-page',
      text: `SELECT ${OBJECT_COLUMNS} FROM tabletop.object o
             WHERE o.campaign_id = $1 AND ${ofKinds(filter.kinds)} AND o.deleted_at ${filter.isDeleted ? 'IS NOT NULL' : 'IS NULL'}
               AND ($3::text IS NULL OR $3 = ANY (o.tags)) AND ($4::uuid IS NULL OR o.parent_id = $4) AND ($5::uuid IS NULL OR o.owner_id = $5)
               AND ($6::text IS NULL OR starts_with(lower(o.name), lower($6)))
               AND ($7::text IS NULL OR (o.name, o.id) > ($7::text, $8::uuid))
             ORDER BY o.name, o.id LIMIT $9`,
      values: [
        campaignId,
        filter.kinds.length === 1 ? filter.kinds[0] : filter.kinds,
        filter.tag ?? null,
        filter.parentId ?? null,
        filter.ownerId ?? null,
        filter.namePrefix ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
      isPlannedAnew: true,
    };
  }
}

/** One kind and all of them are lists in the order of an index; a few kinds are sorted. */
function ofKinds(kinds: readonly ObjectKind[]): string {
  if (kinds.length === 1) return 'o.kind = $2::text';
  return kinds.length === OBJECT_KINDS.length ? '$2::text[] IS NOT NULL' : 'o.kind = ANY ($2::text[])';
}
