import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignLinks, type LinkPatch } from '../links/campaign-links.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import type { LocationEdgeChangeDto, LocationEdgeDto, NewLocationEdgeDto } from './location-edges.dto.js';
import { toLocationEdgeDto } from './location-edges.mapper.js';

const PLACES = { from: ['location'], to: ['location'] } as const;

/** Ways between places: links of the kind `edge`, seen by whoever sees them and both their ends. */
@Injectable()
export class LocationEdges {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly desk: ObjectDesk,
    private readonly links: CampaignLinks,
  ) {}

  /** Those from and to a place, oldest first. @throws DomainError unknown object */
  list(
    caller: Principal,
    locationId: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<LocationEdgeDto>> {
    const after = readIdCursor(query.cursor);
    return this.desk.find(caller, 'location', locationId, async (tx, { object, seat }) => {
      const filter = { kind: 'edge', objectId: object.id, end: 'any' } as const;
      const rows = await this.links.list(tx, seat, filter, after, query.limit + 1);
      return toPage(rows, query.limit, ({ id }) => [id], toLocationEdgeDto);
    });
  }

  /** By masters. @throws DomainError unknown object: one of the places; the same place twice; the role is too low */
  create(
    caller: Principal,
    locationId: string,
    wish: NewLocationEdgeDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<LocationEdgeDto>> {
    return this.desk.add(caller, 'location', locationId, request, async (tx, { object, seat }) => {
      const draft = {
        kind: 'edge' as const,
        fromId: object.id,
        toId: wish.toId,
        ...patchOf(wish),
        isDirected: wish.isDirected ?? false,
      };
      return toLocationEdgeDto(await this.links.create(tx, caller, seat, draft, PLACES));
    });
  }

  /** @throws DomainError unknown link, stale, the role is too low */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: LocationEdgeChangeDto,
  ): Promise<LocationEdgeDto> {
    return this.uow.run(caller, async (tx) =>
      toLocationEdgeDto(await this.links.change(tx, caller, 'edge', id, patchOf(wish), seen)),
    );
  }

  /** @throws DomainError unknown link, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.uow.run(caller, (tx) => this.links.remove(tx, caller, 'edge', id, seen));
  }
}

function patchOf(wish: LocationEdgeChangeDto): LinkPatch {
  const { type, isDirected, distanceM, travelTimeS, note, visibility, shownTo } = wish;
  const details = note === undefined ? undefined : { note: cleanHtml(note) };
  return { type, isDirected, distanceM, travelTimeS, details, visibility, shownTo };
}
