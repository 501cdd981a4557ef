import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignLinks } from '../links/campaign-links.service.js';
import type { ShownLinkRow } from '../links/links.repository.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { unknownLink } from '../tabletop.errors.js';
import { PLACE_TIES, type PlaceTie, type PlaceTieName } from './location-ties.js';
import type { LocationTieDto, NewLocationTieDto } from './location-ties.dto.js';

/** Who is in a place, who was there, and what may be met there: links, told to whoever sees them and both their ends. */
@Injectable()
export class LocationTies {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly links: CampaignLinks,
  ) {}

  /** Oldest first. @throws DomainError unknown object */
  list(
    caller: Principal,
    locationId: string,
    name: PlaceTieName,
    query: { limit: number; cursor?: string },
  ): Promise<Page<LocationTieDto>> {
    const after = readIdCursor(query.cursor);
    const tie: PlaceTie = PLACE_TIES[name];
    return this.desk.find(caller, 'location', locationId, async (tx, { object, seat }) => {
      const filter = { kind: tie.kind, type: tie.type, objectId: object.id, end: tie.placeEnd };
      const rows = await this.links.list(tx, seat, filter, after, query.limit + 1);
      return toPage(
        rows,
        query.limit,
        ({ id }) => [id],
        (row) => toTieDto(tie, row),
      );
    });
  }

  /**
   * By masters; of visits and occupants by players for their own characters, too.
   * @throws DomainError unknown object: the place, or nothing of the kind; the role is too low; it is tied so already
   */
  create(
    caller: Principal,
    locationId: string,
    name: PlaceTieName,
    wish: NewLocationTieDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<LocationTieDto>> {
    const tie: PlaceTie = PLACE_TIES[name];
    return this.desk.add(caller, 'location', locationId, request, async (tx, { object, seat }) => {
      const isFrom = tie.placeEnd === 'from';
      const { note, day, visibility, shownTo } = wish;
      const draft = {
        kind: tie.kind,
        type: tie.type,
        fromId: isFrom ? object.id : wish.objectId,
        toId: isFrom ? wish.objectId : object.id,
        details: {
          ...(note === undefined ? {} : { note: cleanHtml(note) }),
          ...(day === undefined ? {} : { day }),
        },
        visibility,
        shownTo,
      };
      const ends = isFrom ? { to: tie.others } : { from: tie.others };
      return toTieDto(tie, await this.links.create(tx, caller, seat, draft, ends));
    });
  }

  /** @throws DomainError unknown object: the place; unknown link: none of its ties; the role is too low */
  remove(caller: Principal, locationId: string, name: PlaceTieName, id: string): Promise<void> {
    const tie: PlaceTie = PLACE_TIES[name];
    return this.desk.find(caller, 'location', locationId, async (tx, { object }) => {
      const { link } = await this.links.find(tx, caller, tie.kind, id);
      const placeId = tie.placeEnd === 'from' ? link.fromId : link.toId;
      if (placeId !== object.id || link.type !== tie.type) throw unknownLink();
      await this.links.remove(tx, caller, tie.kind, id);
    });
  }
}

function toTieDto(tie: PlaceTie, link: ShownLinkRow): LocationTieDto {
  const { note, day } = link.details as { note?: string; day?: number };
  const isFrom = tie.placeEnd === 'from';
  return {
    id: link.id,
    object: isFrom
      ? { id: link.toId, kind: link.toKind, name: link.toName }
      : { id: link.fromId, kind: link.fromKind, name: link.fromName },
    note: note ?? '',
    day: day ?? null,
    visibility: link.visibility,
    version: link.version,
  };
}
