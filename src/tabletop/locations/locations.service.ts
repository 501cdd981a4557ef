import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import type { Page } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { ObjectsRepository } from '../objects/objects.repository.js';
import { notAPlace, placeInItself } from '../tabletop.errors.js';
import { type LocationDetails, locationDetailsOf } from './location-kinds.js';
import { growTree, wayUp, wouldHoldItself } from './location-tree.js';
import type {
  CampaignLocationDto,
  CampaignLocationItemDto,
  LocationChangeDto,
  LocationDetailsChangeDto,
  LocationsQueryDto,
  LocationTreeDto,
  LocationTreeQueryDto,
  NewLocationDto,
} from './locations.dto.js';
import { toLocationDto, toLocationItemDto, toTreeItemDto } from './locations.mapper.js';
import { LocationsRepository, type PlaceRow, type TreeRow } from './locations.repository.js';

/** Places that an answer holds at most. */
const MOST_TREE_PLACES = 20_000;

/** Places of a campaign and the tree that they make. Who may not see a place does not see where another one lies in it. */
@Injectable()
export class LocationsService {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly objectRows: ObjectsRepository,
    private readonly locations: LocationsRepository,
  ) {}

  /** By masters. @throws DomainError unknown campaign, the role is too low, a parent that is no place of the campaign */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewLocationDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CampaignLocationDto>> {
    return this.desk.create(
      caller,
      campaignId,
      request,
      async (tx, seat) => {
        assertRole(seat, 'gm');
        await this.assertPlace(tx, seat.campaignId, wish.parentId ?? null);
        return { ...wish, kind: 'location', details: changedDetails(locationDetailsOf({}), wish.details) };
      },
      (tx, found) => this.toDto(tx, found),
    );
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<CampaignLocationDto> {
    return this.desk.find(caller, 'location', id, (tx, found) => this.toDto(tx, found));
  }

  /** By name. @throws DomainError unknown campaign; unknown object: the place that they shall lie in */
  list(
    caller: Principal,
    campaignId: string,
    query: LocationsQueryDto,
  ): Promise<Page<CampaignLocationItemDto>> {
    const filter = {
      kinds: ['location'] as const,
      parentId: query.parentId,
      namePrefix: query.name,
      tag: query.tag,
    };
    return this.desk.list(caller, campaignId, filter, query, toLocationItemDto);
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: LocationChangeDto,
  ): Promise<CampaignLocationDto> {
    return this.desk.change(
      caller,
      'location',
      id,
      seen,
      (_tx, { object }) => ({
        ...wish,
        details: {
          ...object.details, // what a generator or an import has put beside
          ...changedDetails(locationDetailsOf(object.details), wish.details),
        },
      }),
      (tx, found) => this.toDto(tx, found),
    );
  }

  /** With all that lies within it. By masters. @throws DomainError unknown object, stale, the role is too low, into itself, into no place */
  move(
    caller: Principal,
    id: string,
    seen: number | undefined,
    parentId: string | null,
  ): Promise<CampaignLocationDto> {
    return this.desk.change(
      caller,
      'location',
      id,
      seen,
      async (tx, { object, seat }) => {
        assertRole(seat, 'gm');
        await this.locations.lockTree(tx, seat.campaignId);
        await this.assertPlace(tx, seat.campaignId, parentId);
        const above =
          parentId === null ? [] : await tx.query<PlaceRow>(this.locations.around(parentId, true));
        if (
          wouldHoldItself(
            object.id,
            above.map((place) => place.id),
          )
        )
          throw placeInItself();
        return { parentId };
      },
      (tx, found) => this.toDto(tx, found),
    );
  }

  /** What lies within it stands at the top then, until it is restored or moved. @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'location', id, seen);
  }

  /** @throws DomainError unknown campaign; an unknown place as root */
  tree(caller: Principal, campaignId: string, query: LocationTreeQueryDto): Promise<LocationTreeDto> {
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      if (query.rootId !== undefined) await this.desk.findIn(tx, caller, seat, 'location', query.rootId);
      const rows = await tx.query<TreeRow>(
        this.locations.tree(seat.campaignId, query.rootId ?? null, MOST_TREE_PLACES + 1),
      );
      const grown = growTree(rows.slice(0, MOST_TREE_PLACES), query.depth);
      return { items: grown.map(toTreeItemDto), isCut: rows.length > MOST_TREE_PLACES };
    });
  }

  /** The place and those around it that the caller sees, from the inside out. */
  async wayUp(tx: Tx, id: string): Promise<PlaceRow[]> {
    const rows = await tx.query<PlaceRow>(this.locations.around(id));
    return wayUp(id, new Map(rows.map((row) => [row.id, row])));
  }

  private async toDto(tx: Tx, found: FoundObject): Promise<CampaignLocationDto> {
    const [, ...around] = await this.wayUp(tx, found.object.id);
    return toLocationDto(found, around);
  }

  /** @throws DomainError no place of the campaign that the caller sees */
  async assertPlace(tx: Tx, campaignId: string, id: string | null): Promise<void> {
    if (id === null) return;
    const [known] = await this.objectRows.listKnown(tx, campaignId, [id]);
    if (known?.kind !== 'location') throw notAPlace();
  }
}

/** What is not named stays. */
function changedDetails(
  before: LocationDetails,
  wish: LocationDetailsChangeDto | undefined,
): LocationDetails {
  return {
    type: wish?.type ?? before.type,
    population: wish?.population === undefined ? before.population : wish.population,
    position: wish?.position === undefined ? before.position : wish.position,
    traits: wish?.traits ?? before.traits,
  };
}
