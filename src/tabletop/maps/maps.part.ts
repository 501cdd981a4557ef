import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { toGridDto, toPlanDto } from './battle-maps.mapper.js';
import { type BattleMapRow, BattleMapsRepository, type MapPlanRow } from './battle-maps.repository.js';
import { toMarkerDto } from './map-markers.mapper.js';
import { MapMarkersRepository, type WholeMarkerRow } from './map-markers.repository.js';

const MAPS = 200;
/** The walls of one may be megabytes. */
const PLANS = 1;
const MARKERS = 100;

/** What lies under the grid of maps. Their pictures are files of whoever uploaded them, to be had at the maps' own routes. */
@Injectable()
@OffersPart('battleMaps', 'battle_map')
export class BattleMapsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly maps: BattleMapsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<BattleMapRow>(this.maps.listCampaign(campaignId, after ?? FIRST_ID, MAPS)),
    );
    return partPage(
      rows,
      ({ mapId }) => mapId,
      (row) => ({ mapId: row.mapId, fileId: row.fileId, ...toGridDto(row) }),
    );
  }
}

/** Walls, doors and lights, for masters alone. */
@Injectable()
@OffersPart('mapPlans', 'map_plan')
export class MapPlansPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly maps: BattleMapsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<MapPlanRow>(this.maps.listPlans(campaignId, after ?? FIRST_ID, PLANS)),
    );
    return partPage(
      rows,
      ({ mapId }) => mapId,
      (row) => ({ mapId: row.mapId, ...toPlanDto(row) }),
    );
  }
}

/** Pins and tokens that the caller sees; for masters with what Foundry keeps beside. */
@Injectable()
@OffersPart('mapMarkers', 'map_marker')
export class MapMarkersPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly markers: MapMarkersRepository,
  ) {}

  async page(caller: Principal, { campaignId, role }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<WholeMarkerRow>(this.markers.listCampaign(campaignId, after ?? FIRST_ID, MARKERS)),
    );
    return partPage(
      rows,
      ({ id }) => id,
      (row) => ({
        ...toMarkerDto(row),
        ...(role === 'gm' && { foreignId: row.foreignId, extra: row.extra }),
      }),
    );
  }
}
