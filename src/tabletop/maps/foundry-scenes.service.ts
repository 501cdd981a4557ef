import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { tooMany, unreadableScene } from '../tabletop.errors.js';
import { type BattleMapRow, BattleMapsRepository } from './battle-maps.repository.js';
import { MOST_TOKENS, readScene, type SceneToken } from './foundry-scene.js';
import type { FoundrySceneDto, FoundrySceneImportDto, FoundrySceneReportDto } from './map-markers.dto.js';
import { toSceneDto, toSceneReportDto } from './map-markers.mapper.js';
import { type FoundryContent, type FoundryTokenRow, MapMarkersRepository } from './map-markers.repository.js';
import { mergeTokens } from './token-merge.js';

/** Tokens of a map to and from a Foundry scene, for masters. Each is the same by its id there, and neither side overwrites the other unasked. */
@Injectable()
export class FoundryScenes {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly maps: BattleMapsRepository,
    private readonly markers: MapMarkersRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** All of it or nothing; safe to repeat. @throws DomainError unknown object, the role is too low, JSON that is no scene, too many tokens */
  import(caller: Principal, mapId: string, wish: FoundrySceneImportDto): Promise<FoundrySceneReportDto> {
    return this.desk.find(caller, 'map', mapId, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      const scene = readScene(wish.scene);
      if ('fault' in scene) throw unreadableScene(scene.fault);
      const count = await this.markers.lockCount(tx, object.id);
      const known = await tx.query<FoundryTokenRow>(this.markers.listTokens(object.id));
      const merge = mergeTokens(known, scene.tokens, wish.prefers);
      const removed = wish.removesMissing ? merge.missing : [];
      if (count + merge.added.length - removed.length > MOST_TOKENS)
        throw tooMany(MOST_TOKENS, 'pins and tokens on a map');
      await this.markers.deleteMarkers(
        tx,
        removed.map(({ id }) => id),
      );
      await this.markers.updateTokens(
        tx,
        object.id,
        merge.changed.map((change) => contentOf(change.known.id, change.next)),
      );
      const added = merge.added.map((token) => contentOf(uuidv7(), token));
      await this.markers.insertTokens(tx, { mapId: object.id, campaignId: seat.campaignId }, added);
      const report = toSceneReportDto(merge, removed.length, scene.notes);
      const { addedCount, changedCount, removedCount } = report;
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        objectId: object.id,
        kind: 'map',
        action: 'tokens-imported',
        after: { addedCount, changedCount, removedCount },
      });
      return report;
    });
  }

  /** @throws DomainError unknown object, the role is too low */
  export(caller: Principal, mapId: string): Promise<FoundrySceneDto> {
    return this.desk.find(caller, 'map', mapId, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      const [map] = await tx.query<BattleMapRow>(this.maps.listMaps([object.id]));
      const tokens = await tx.query<FoundryTokenRow>(this.markers.listTokens(object.id));
      return toSceneDto(object.name, map ?? null, tokens);
    });
  }
}

function contentOf(id: string, token: SceneToken): FoundryContent {
  const { foreignId, name, x, y, width, height, elevation, rotationDeg, isHidden, extra } = token;
  return { id, foreignId, name, x, y, width, height, elevation, rotationDeg, isHidden, extra };
}
