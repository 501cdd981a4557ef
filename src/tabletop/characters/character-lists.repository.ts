import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { OBJECT_COLUMNS, type ObjectRow } from '../objects/objects.repository.js';
import type { SheetVersion } from './character-sheets.repository.js';
import type { CharacterKind } from './character-state.js';

/** What somebody was told in a relation, for a character's way. */
export interface RelationStepRow {
  readonly at: Date;
  readonly linkId: string;
  readonly type: string;
  readonly otherName: string;
}

/** Characters as lists, in the scope of whoever asks. */
@Injectable()
export class CharacterListsRepository {
  /** By name. @param after name and id of the last one of the page before */
  listPage(
    tx: Tx,
    campaignId: string,
    { characterKind, ownerId }: { characterKind: CharacterKind | null; ownerId: string | null },
    after: readonly [name: string, id: string] | null,
    limit: number,
  ): Promise<ObjectRow[]> {
    return tx.query<ObjectRow>({
      name: 'tabletop.characters.list-page',
      text: `SELECT ${OBJECT_COLUMNS} FROM tabletop.object o
             WHERE o.campaign_id = $1 AND o.kind = 'character' AND o.deleted_at IS NULL
               AND ($2::text IS NULL OR coalesce(o.details ->> 'characterKind', 'npc') = $2) AND ($3::uuid IS NULL OR o.owner_id = $3)
               AND ($4::text IS NULL OR (o.name, o.id) > ($4::text, $5::uuid))
             ORDER BY o.name, o.id LIMIT $6`,
      values: [campaignId, characterKind, ownerId, after?.[0] ?? null, after?.[1] ?? null, limit],
      isPlannedAnew: true,
    });
  }

  /** Of the sheets that the caller sees. */
  async sheetVersions(tx: Tx, objectIds: readonly string[]): Promise<ReadonlyMap<string, SheetVersion>> {
    const rows = await tx.query<SheetVersion>({
      name: 'tabletop.characters.sheet-versions',
      text: `SELECT object_id AS "objectId", is_open AS "isOpen", version FROM tabletop.character_sheet
             WHERE object_id = ANY ($1::uuid[])`,
      values: [objectIds],
    });
    return new Map(rows.map((row) => [row.objectId, row]));
  }

  /** What has happened in its relations, newest first; of those that the caller sees with both ends. */
  listRelationSteps(
    tx: Tx,
    campaignId: string,
    characterId: string,
    limit: number,
  ): Promise<RelationStepRow[]> {
    return tx.query<RelationStepRow>({
      name: 'tabletop.characters.list-relation-steps',
      text: `SELECT e.happened_at AS at, e.link_id AS "linkId", e.type, o.name AS "otherName"
             FROM tabletop.link l
             JOIN tabletop.object o ON o.campaign_id = l.campaign_id AND o.deleted_at IS NULL
               AND o.id = CASE WHEN l.from_id = $2 THEN l.to_id ELSE l.from_id END
             JOIN tabletop.link_event e ON e.campaign_id = l.campaign_id AND e.link_id = l.id
             WHERE l.campaign_id = $1 AND l.kind = 'relationship' AND (l.from_id = $2 OR l.to_id = $2)
             ORDER BY e.happened_at DESC, e.id DESC LIMIT $3`,
      values: [campaignId, characterId, limit],
    });
  }
}
