import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { locationDetailsOf } from './location-kinds.js';
import { locationMapOption } from './location-map.js';
import type { LocationPictureQueryDto } from './location-pictures.dto.js';
import { LocationsRepository, type NamedWay, type TreeRow } from './locations.repository.js';

/** Places of one picture; more of them nobody could tell apart. */
const MOST_PLACES = 200;

/** What lies directly within a place, and the ways between that, as far as the caller sees them. */
@Injectable()
export class LocationPictures {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly locations: LocationsRepository,
    private readonly renderer: ChartRenderer,
  ) {}

  /** @throws DomainError unknown object */
  async map(
    caller: Principal,
    id: string,
    { width, height, theme }: LocationPictureQueryDto,
  ): Promise<Picture> {
    const map = await this.desk.find(caller, 'location', id, async (tx, { object, seat }) => {
      const rows = await tx.query<TreeRow>(this.locations.within(seat.campaignId, object.id, MOST_PLACES));
      const ways = await tx.query<NamedWay>(this.locations.waysWithin(seat.campaignId, object.id));
      return {
        title: object.name,
        subtitle: `${rows.length} places  ·  ${ways.length} ways`,
        places: rows.map((row) => ({ ...row, position: locationDetailsOf(row.details).position })),
        ways: ways.map(({ fromId, toId, type }) => ({ fromId, toId, words: type })),
      };
    });
    return pictureOf(
      await this.renderer.draw(locationMapOption(map, { width, height }, theme), { width, height }),
    );
  }
}
