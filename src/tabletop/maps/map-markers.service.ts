import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { ObjectsRepository } from '../objects/objects.repository.js';
import { assertSeen, staleObject, tooMany, unknownMarker, unknownObject } from '../tabletop.errors.js';
import { MOST_TOKENS } from './foundry-scene.js';
import type { MapMarkerDto, MarkerChangeDto, MarkersQueryDto, NewMarkerDto } from './map-markers.dto.js';
import { toMarkerDto } from './map-markers.mapper.js';
import {
  type MarkerContent,
  type MarkerPatch,
  MapMarkersRepository,
  type MarkerRow,
} from './map-markers.repository.js';
import { foundryIdOf } from './marker-kinds.js';

const NEW: MarkerContent = {
  name: '',
  note: '',
  objectId: null,
  x: 0,
  y: 0,
  width: 1,
  height: 1,
  elevation: 0,
  rotationDeg: 0,
  isHidden: true,
};

/** Pins and tokens of maps. Masters write them; whoever sees the map sees those that are not hidden. */
@Injectable()
export class MapMarkers {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly markers: MapMarkersRepository,
    private readonly objects: ObjectsRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** Oldest first. @throws DomainError unknown object */
  list(caller: Principal, mapId: string, query: MarkersQueryDto): Promise<Page<MapMarkerDto>> {
    const after = readIdCursor(query.cursor);
    return this.desk.find(caller, 'map', mapId, async (tx, { object }) => {
      const rows = await tx.query<MarkerRow>(
        this.markers.listPage(object.campaignId, object.id, query.kind ?? null, after, query.limit + 1),
      );
      return toPage(rows, query.limit, ({ id }) => [id], toMarkerDto);
    });
  }

  /** By masters. @throws DomainError unknown object: the map, or what it shall stand for; the role is too low; too many */
  create(
    caller: Principal,
    mapId: string,
    wish: NewMarkerDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<MapMarkerDto>> {
    return this.desk.add(caller, 'map', mapId, request, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      if ((await this.markers.lockCount(tx, object.id)) >= MOST_TOKENS)
        throw tooMany(MOST_TOKENS, 'pins and tokens on a map');
      const id = uuidv7();
      const row = await this.markers.insertMarker(tx, {
        ...(await this.changed(tx, seat, NEW, wish)),
        id,
        campaignId: seat.campaignId,
        mapId: object.id,
        kind: wish.kind,
        foreignId: foundryIdOf(id),
      });
      await this.record(tx, caller, row, 'created', { after: toMarkerDto(row) });
      return toMarkerDto(row);
    });
  }

  /** By masters. @throws DomainError unknown object or marker, stale, the role is too low */
  change(
    caller: Principal,
    mapId: string,
    id: string,
    seen: number | undefined,
    wish: MarkerChangeDto,
  ): Promise<MapMarkerDto> {
    return this.desk.find(caller, 'map', mapId, async (tx, found) => {
      const before = await this.findMarker(tx, found, id);
      assertSeen(before.version, seen);
      const content = await this.changed(tx, found.seat, before, wish);
      const after = await this.markers.updateMarker(tx, before.id, before.version, content);
      if (after === null) throw staleObject(before.version + 1);
      await this.record(tx, caller, after, 'changed', {
        before: toMarkerDto(before),
        after: toMarkerDto(after),
      });
      return toMarkerDto(after);
    });
  }

  /** By masters. @throws DomainError unknown object or marker, stale, the role is too low */
  remove(caller: Principal, mapId: string, id: string, seen: number | undefined): Promise<void> {
    return this.desk.find(caller, 'map', mapId, async (tx, found) => {
      const before = await this.findMarker(tx, found, id);
      assertSeen(before.version, seen);
      await this.markers.deleteMarkers(tx, [before.id]);
      await this.record(tx, caller, before, 'deleted', { before: toMarkerDto(before) });
    });
  }

  /** One that the caller sees is not unknown to them; that they may not write it is told after. */
  private async findMarker(tx: Tx, { object, seat }: FoundObject, id: string): Promise<MarkerRow> {
    const row = isUuid(id) ? await this.markers.findMarker(tx, object.id, id) : null;
    if (row === null) throw unknownMarker();
    assertRole(seat, 'gm');
    return row;
  }

  /** What is not named stays. @throws DomainError unknown object: nothing of the campaign */
  private async changed(
    tx: Tx,
    seat: Seat,
    before: MarkerContent,
    wish: MarkerChangeDto,
  ): Promise<MarkerPatch> {
    if (
      wish.objectId != null &&
      (await this.objects.listKnown(tx, seat.campaignId, [wish.objectId])).length === 0
    )
      throw unknownObject();
    return {
      name: wish.name ?? before.name,
      note: wish.note === undefined ? before.note : cleanHtml(wish.note),
      objectId: wish.objectId,
      x: wish.x ?? before.x,
      y: wish.y ?? before.y,
      width: wish.width ?? before.width,
      height: wish.height ?? before.height,
      elevation: wish.elevation ?? before.elevation,
      rotationDeg: wish.rotationDeg ?? before.rotationDeg,
      isHidden: wish.isHidden ?? before.isHidden,
    };
  }

  private record(
    tx: Tx,
    caller: Principal,
    { campaignId, mapId, kind }: MarkerRow,
    action: string,
    states: { before?: object; after?: object },
  ): Promise<void> {
    return this.changes.record(tx, caller, { campaignId, objectId: mapId, kind, action, ...states });
  }
}
