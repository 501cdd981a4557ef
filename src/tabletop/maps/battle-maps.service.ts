import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { FileLinks } from '../../platform/storage/file-links.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { LocationsService } from '../locations/locations.service.js';
import { CampaignObjects, type FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import type { BattleMapChangeDto, BattleMapDto, MapPlanDto } from './battle-maps.dto.js';
import { toBattleMapDto, toPlanDto } from './battle-maps.mapper.js';
import { type BattleMapRow, BattleMapsRepository } from './battle-maps.repository.js';

/** As long as that of any file: whoever may see the map asks for it again. */
const LINK_LASTS_S = 900;

/** Battle maps: pictures with a grid, for whoever sees them; where their walls and doors are, for masters. */
@Injectable()
export class BattleMaps {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly objects: CampaignObjects,
    private readonly maps: BattleMapsRepository,
    private readonly locations: LocationsService,
    private readonly links: FileLinks,
  ) {}

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<BattleMapDto> {
    return this.desk.find(caller, 'map', id, async (tx, found) => {
      const [map] = await tx.query<BattleMapRow>(this.maps.listMaps([found.object.id]));
      return this.toDto(found, map ?? null);
    });
  }

  /** By name. @throws DomainError unknown campaign, a cursor of another list */
  list(
    caller: Principal,
    campaignId: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<BattleMapDto>> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'] as const);
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      const rows = await this.objects.list(tx, seat, { kinds: ['map'] }, after, query.limit + 1);
      const maps = await tx.query<BattleMapRow>(this.maps.listMaps(rows.map(({ id }) => id)));
      const known = new Map(maps.map((map) => [map.mapId, map]));
      return toPage(
        rows,
        query.limit,
        ({ name, id }) => [name, id],
        (object) => this.toDto({ object, seat }, known.get(object.id) ?? null),
      );
    });
  }

  /** @throws DomainError unknown object, stale, the role is too low, no place */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    { grid, ...wish }: BattleMapChangeDto,
  ): Promise<BattleMapDto> {
    let map: BattleMapRow | null = null;
    return this.desk.change(
      caller,
      'map',
      id,
      seen,
      async (tx, { object, seat }) => {
        await this.locations.assertPlace(tx, seat.campaignId, wish.parentId ?? null);
        const [known] = await tx.query<BattleMapRow>(this.maps.listMaps([object.id]));
        map = known ?? null;
        if (grid === undefined || known === undefined) return wish;
        assertRole(seat, 'gm');
        map = {
          ...known,
          cellDistance: grid.cellDistance ?? known.cellDistance,
          distanceUnit: grid.distanceUnit ?? known.distanceUnit,
        };
        await this.maps.updateGrid(tx, object.id, map);
        return wish;
      },
      (_tx, found) => this.toDto(found, map),
    );
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'map', id, seen);
  }

  /** @throws DomainError unknown object, a role below a master's */
  plan(caller: Principal, id: string): Promise<MapPlanDto> {
    return this.desk.find(caller, 'map', id, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      return toPlanDto(await this.maps.findPlan(tx, object.id));
    });
  }

  /** With a link to its picture for whoever asks. */
  toDto(found: FoundObject, map: BattleMapRow | null, nowMs = Date.now()): BattleMapDto {
    const link = map && this.links.sign(map.fileId, Math.floor(nowMs / 1_000) + LINK_LASTS_S);
    return toBattleMapDto(found, map, link);
  }
}
