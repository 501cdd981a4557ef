import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { MapMarkerEntity } from './map-marker.entity.js';
import type { MarkerKind } from './marker-kinds.js';

/** What whoever sees a marker may be told of it. */
export type MarkerRow = Omit<
  MapMarkerEntity,
  'extra' | 'foreignId' | 'localVersion' | 'importedVersion' | 'createdAt' | 'updatedAt'
>;

/** With what Foundry keeps beside, which masters alone are told. */
export type WholeMarkerRow = MarkerRow & Pick<MapMarkerEntity, 'foreignId' | 'extra'>;

export type MarkerContent = Pick<
  MapMarkerEntity,
  'name' | 'note' | 'objectId' | 'x' | 'y' | 'width' | 'height' | 'elevation' | 'rotationDeg' | 'isHidden'
>;

/** What it stands for stays where that is undefined: what is deleted for now is read as nothing. */
export type MarkerPatch = Omit<MarkerContent, 'objectId'> & { readonly objectId: string | null | undefined };

/** A token with what Foundry keeps beside. */
export type FoundryTokenRow = Pick<
  MapMarkerEntity,
  | 'id'
  | 'foreignId'
  | 'name'
  | 'x'
  | 'y'
  | 'width'
  | 'height'
  | 'elevation'
  | 'rotationDeg'
  | 'isHidden'
  | 'extra'
  | 'version'
  | 'localVersion'
  | 'importedVersion'
>;

export type FoundryContent = Omit<FoundryTokenRow, 'version' | 'localVersion' | 'importedVersion'>;

/** What it stands for is told to those alone who see that. */
const COLUMNS = `m.id, m.campaign_id AS "campaignId", m.map_id AS "mapId", m.kind, m.name, m.note,
  (SELECT o.id FROM tabletop.object o WHERE o.id = m.object_id AND o.campaign_id = m.campaign_id AND o.deleted_at IS NULL) AS "objectId",
  m.x, m.y, m.width, m.height, m.elevation, m.rotation_deg AS "rotationDeg", m.is_hidden AS "isHidden", m.version`;
const RECORD = `jsonb_to_recordset($2::jsonb) AS t (id uuid, "foreignId" text, name text, x float8, y float8, width float8, height float8, elevation float8,
  "rotationDeg" float8, "isHidden" boolean, extra jsonb)`;

/** Pins and tokens, in the scope of whoever asks. */
@Injectable()
export class MapMarkersRepository {
  async insertMarker(
    tx: Tx,
    marker: MarkerPatch & Pick<MapMarkerEntity, 'id' | 'campaignId' | 'mapId' | 'kind' | 'foreignId'>,
  ): Promise<MarkerRow> {
    const [row] = await tx.query<MarkerRow>({
      name: 'tabletop.map-markers.insert-marker',
      text: `INSERT INTO tabletop.map_marker AS m (id, campaign_id, map_id, kind, foreign_id, name, note, object_id, x, y, width, height, elevation,
               rotation_deg, is_hidden)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ${COLUMNS}`,
      values: [
        marker.id,
        marker.campaignId,
        marker.mapId,
        marker.kind,
        marker.foreignId,
        ...contentOf(marker),
      ],
    });
    return row!;
  }

  /** @returns null when it has another version by now, or may not be written */
  async updateMarker(tx: Tx, id: string, version: number, marker: MarkerPatch): Promise<MarkerRow | null> {
    const [row] = await tx.query<MarkerRow>({
      name: 'tabletop.map-markers.update-marker',
      text: `UPDATE tabletop.map_marker m SET name = $3, note = $4, object_id = CASE WHEN $13 THEN m.object_id ELSE $5 END, x = $6, y = $7, width = $8,
               height = $9, elevation = $10, rotation_deg = $11, is_hidden = $12, version = version + 1, local_version = version + 1, updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      values: [id, version, ...contentOf(marker), marker.objectId === undefined],
    });
    return row ?? null;
  }

  async deleteMarkers(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query({
      name: 'tabletop.map-markers.delete-markers',
      text: 'DELETE FROM tabletop.map_marker WHERE id = ANY ($1::uuid[])',
      values: [ids],
    });
  }

  async findMarker(tx: Tx, mapId: string, id: string): Promise<MarkerRow | null> {
    const [row] = await tx.query<MarkerRow>({
      name: 'tabletop.map-markers.find-marker',
      text: `SELECT ${COLUMNS} FROM tabletop.map_marker m WHERE m.id = $1 AND m.map_id = $2`,
      values: [id, mapId],
    });
    return row ?? null;
  }

  /** Oldest first. @param after only those behind this id */
  listPage(
    campaignId: string,
    mapId: string,
    kind: MarkerKind | null,
    after: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.map-markers.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.map_marker m
             WHERE m.campaign_id = $1 AND m.map_id = $2 AND ($3::text IS NULL OR m.kind = $3) AND ($4::uuid IS NULL OR m.id > $4)
             ORDER BY m.id LIMIT $5`,
      values: [campaignId, mapId, kind, after, limit],
      isPlannedAnew: true,
    };
  }

  /** Those there are until the end of the transaction: whoever adds some counts them. */
  async lockCount(tx: Tx, mapId: string): Promise<number> {
    await tx.query({
      name: 'tabletop.map-markers.lock-map',
      text: 'SELECT 1 FROM tabletop.object WHERE id = $1 FOR NO KEY UPDATE',
      values: [mapId],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.map-markers.count-markers',
      text: 'SELECT count(*)::int AS count FROM tabletop.map_marker WHERE map_id = $1',
      values: [mapId],
    });
    return row!.count;
  }

  /** For masters. */
  listTokens(mapId: string): Statement {
    return {
      name: 'tabletop.map-markers.list-tokens',
      text: `SELECT id, foreign_id AS "foreignId", name, x, y, width, height, elevation, rotation_deg AS "rotationDeg", is_hidden AS "isHidden", extra,
               version, local_version AS "localVersion", imported_version AS "importedVersion"
             FROM tabletop.map_marker WHERE map_id = $1 AND kind = 'token' ORDER BY id`,
      values: [mapId],
    };
  }

  /** From Foundry: not a change that was made here. */
  async insertTokens(
    tx: Tx,
    { mapId, campaignId }: Pick<MapMarkerEntity, 'mapId' | 'campaignId'>,
    tokens: readonly FoundryContent[],
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.map-markers.insert-tokens',
      text: `INSERT INTO tabletop.map_marker (map_id, campaign_id, kind, id, foreign_id, name, x, y, width, height, elevation, rotation_deg, is_hidden,
               extra, local_version, imported_version)
             SELECT $1, $3, 'token', t.id, t."foreignId", t.name, t.x, t.y, t.width, t.height, t.elevation, t."rotationDeg", t."isHidden", t.extra, 0, 1
             FROM ${RECORD}`,
      values: [mapId, JSON.stringify(tokens), campaignId],
    });
  }

  async updateTokens(tx: Tx, mapId: string, tokens: readonly FoundryContent[]): Promise<void> {
    await tx.query({
      name: 'tabletop.map-markers.update-tokens',
      text: `UPDATE tabletop.map_marker m SET foreign_id = t."foreignId", name = t.name, x = t.x, y = t.y, width = t.width, height = t.height,
               elevation = t.elevation, rotation_deg = t."rotationDeg", is_hidden = t."isHidden", extra = t.extra, version = m.version + 1,
               imported_version = m.version + 1, updated_at = now()
             FROM ${RECORD} WHERE m.map_id = $1 AND m.id = t.id`,
      values: [mapId, JSON.stringify(tokens)],
    });
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.map-markers.list-campaign',
      text: `SELECT ${COLUMNS}, m.foreign_id AS "foreignId", m.extra FROM tabletop.map_marker m
             WHERE m.campaign_id = $1 AND m.id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = m.map_id AND p.deleted_at IS NULL)
             ORDER BY m.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}

function contentOf(marker: MarkerPatch): unknown[] {
  return [
    marker.name,
    marker.note,
    marker.objectId ?? null,
    marker.x,
    marker.y,
    marker.width,
    marker.height,
    marker.elevation,
    marker.rotationDeg,
    marker.isHidden,
  ];
}
