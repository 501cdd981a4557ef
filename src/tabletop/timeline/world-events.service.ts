import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import type { Page } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { LocationsService } from '../locations/locations.service.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import { noSuchDay } from '../tabletop.errors.js';
import { calendarOf, dayText } from './campaign-calendar.js';
import type {
  NewWorldEventDto,
  WorldEventChangeDto,
  WorldEventDetailsChangeDto,
  WorldEventDto,
  WorldEventsQueryDto,
} from './world-events.dto.js';

/** What is special to an event. Everybody who sees it sees all of it. */
interface EventDetails {
  readonly day: number | null;
  readonly endDay: number | null;
  readonly onDate: string | null;
  readonly isOver: boolean;
}

/** What happens in the world, at a place or anywhere, on a day of its calendar or of ours. */
@Injectable()
export class WorldEvents {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly locations: LocationsService,
  ) {}

  /** By masters. @throws DomainError unknown campaign, the role is too low, no place, an end before the beginning */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewWorldEventDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<WorldEventDto>> {
    return this.desk.create(
      caller,
      campaignId,
      request,
      async (tx, seat) => {
        assertRole(seat, 'gm');
        await this.locations.assertPlace(tx, seat.campaignId, wish.parentId ?? null);
        return { ...wish, kind: 'event', details: changedDetails(eventDetailsOf({}), wish.details) };
      },
      (_tx, found) => toWorldEventDto(found),
    );
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<WorldEventDto> {
    return this.desk.find(caller, 'event', id, (_tx, found) => toWorldEventDto(found));
  }

  /** By name. @throws DomainError unknown campaign; unknown object: the place */
  list(caller: Principal, campaignId: string, query: WorldEventsQueryDto): Promise<Page<WorldEventDto>> {
    const filter = { kinds: ['event'] as const, parentId: query.locationId };
    return this.desk.list(caller, campaignId, filter, query, toWorldEventDto);
  }

  /** @throws DomainError unknown object, stale, the role is too low, no place, an end before the beginning */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: WorldEventChangeDto,
  ): Promise<WorldEventDto> {
    return this.desk.change(
      caller,
      'event',
      id,
      seen,
      async (tx, { object, seat }) => {
        await this.locations.assertPlace(tx, seat.campaignId, wish.parentId ?? null);
        const changed = changedDetails(eventDetailsOf(object.details), wish.details);
        return { ...wish, details: { ...object.details, ...changed } };
      },
      (_tx, found) => toWorldEventDto(found),
    );
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'event', id, seen);
  }
}

function eventDetailsOf(details: object): EventDetails {
  const stored = details as Partial<EventDetails>;
  return {
    day: stored.day ?? null,
    endDay: stored.endDay ?? null,
    onDate: stored.onDate ?? null,
    isOver: stored.isOver ?? false,
  };
}

function toWorldEventDto({ object, seat }: FoundObject): WorldEventDto {
  const { day, endDay, onDate, isOver } = eventDetailsOf(object.details);
  return {
    ...toCampaignObjectDto(object, seat),
    details: { day, endDay, dayText: dayText(calendarOf(seat.campaign.calendar), day), onDate, isOver },
  };
}

/** What is not named stays. @throws DomainError an end before the beginning, or without one */
function changedDetails(before: EventDetails, wish: WorldEventDetailsChangeDto | undefined): EventDetails {
  const after = {
    day: wish?.day === undefined ? before.day : wish.day,
    endDay: wish?.endDay === undefined ? before.endDay : wish.endDay,
    onDate: wish?.onDate === undefined ? before.onDate : wish.onDate,
    isOver: wish?.isOver ?? before.isOver,
  };
  if (after.endDay !== null && !(after.day !== null && after.day <= after.endDay))
    throw noSuchDay('/details/endDay');
  return after;
}
