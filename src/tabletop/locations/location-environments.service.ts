import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { CampaignLinks } from '../links/campaign-links.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { inheritTraits, type PlaceTraits, type TraitSource } from './inherited-traits.js';
import { locationDetailsOf, traitsOf } from './location-kinds.js';
import type { EffectiveEnvironmentDto, PlaceNameDto } from './locations.dto.js';
import { toEnvironmentDto } from './locations.mapper.js';
import { LocationsService } from './locations.service.js';

/** Places that a session may have of its own; a scene more would be a campaign of its own. */
const MOST_OVERRIDES = 500;

/** What holds in a place: from what the caller sees of the places around it, and of a session that changed some of them for its time. */
@Injectable()
export class LocationEnvironments {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly links: CampaignLinks,
    private readonly locations: LocationsService,
  ) {}

  /** @throws DomainError unknown object: the place or the session */
  of(caller: Principal, id: string, sessionId: string | undefined): Promise<EffectiveEnvironmentDto> {
    return this.desk.find(caller, 'location', id, async (tx, { object, seat }) => {
      const names = new Map<string, PlaceNameDto>();
      const overrides = new Map<string, TraitSource>();
      if (sessionId !== undefined) {
        const session = await this.desk.findIn(tx, caller, seat, 'session', sessionId);
        names.set(session.id, { id: session.id, name: session.name });
        const filter = { kind: 'appearance', objectId: session.id, end: 'from' } as const;
        for (const { toId, details } of await this.links.list(tx, seat, filter, null, MOST_OVERRIDES))
          overrides.set(toId, {
            id: session.id,
            traits: traitsOf((details as { traits?: PlaceTraits }).traits ?? {}),
          });
      }
      const sources: TraitSource[] = [];
      for (const place of await this.locations.wayUp(tx, object.id)) {
        names.set(place.id, { id: place.id, name: place.name });
        const override = overrides.get(place.id);
        if (override !== undefined) sources.push(override);
        sources.push({ id: place.id, traits: locationDetailsOf(place.details).traits });
      }
      return toEnvironmentDto(inheritTraits(sources), names);
    });
  }
}
