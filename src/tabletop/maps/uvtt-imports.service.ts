import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { LocationsService } from '../locations/locations.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { unreadableMap } from '../tabletop.errors.js';
import { BATTLE_MAP_PICTURE } from './battle-map-file.js';
import type { ImportedBattleMapDto, UvttImportQueryDto } from './battle-maps.dto.js';
import { BattleMapsRepository } from './battle-maps.repository.js';
import { BattleMaps } from './battle-maps.service.js';
import { readBytes } from '../../platform/storage/read-bytes.js';
import { MOST_UVTT_BYTES, readUvtt, type UvttMap } from './uvtt-reader.js';

/** Files that are read at once in a process; each is held in memory, twice for a moment. */
const MOST_AT_ONCE = 2;
const [USUAL_CELL_DISTANCE, USUAL_UNIT] = [5, 'ft'];

/**
 * Universal VTT files become maps: who may is asked before a byte is read, the file is judged before anything is stored, and the picture, the map and
 * its plan are there together or not at all.
 */
@Injectable()
export class UvttImports {
  private underWay = 0;

  constructor(
    private readonly desk: ObjectDesk,
    private readonly access: CampaignAccess,
    private readonly locations: LocationsService,
    private readonly objects: CampaignObjects,
    private readonly maps: BattleMapsRepository,
    private readonly battleMaps: BattleMaps,
    private readonly storage: Storage,
  ) {}

  /** By masters. @param source the file's bytes @throws DomainError unknown campaign, the role is too low, no place, a file that is no map */
  async import(
    caller: Principal,
    campaignId: string,
    wish: UvttImportQueryDto,
    source: Readable,
  ): Promise<ImportedBattleMapDto> {
    await this.desk.within(caller, campaignId, 'gm', (tx, seat) => this.assertPlace(tx, seat, wish));
    assertBytes(source);
    try {
      const { map, notes } = await this.read(source);
      let made: ImportedBattleMapDto | undefined;
      const bytes = Readable.from([map.picture.bytes]);
      await this.storage.receive(caller, BATTLE_MAP_PICTURE, bytes, async (tx, file) => {
        made = await this.keep(tx, caller, campaignId, wish, map, notes, file.id);
      });
      return made!;
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
  }

  private async read(source: Readable): Promise<{ map: UvttMap; notes: readonly string[] }> {
    if (this.underWay >= MOST_AT_ONCE) throw new FileRefusedError('busy');
    this.underWay += 1;
    try {
      const reading = readUvtt(await readBytes(source, MOST_UVTT_BYTES));
      if (reading.fault === 'too-many-pixels') throw new FileRefusedError('too-many-pixels');
      if (reading.fault !== null) throw unreadableMap(reading.detail);
      return reading;
    } finally {
      this.underWay -= 1;
    }
  }

  private async keep(
    tx: Tx,
    caller: Principal,
    campaignId: string,
    wish: UvttImportQueryDto,
    map: UvttMap,
    notes: readonly string[],
    fileId: string,
  ): Promise<ImportedBattleMapDto> {
    const seat = await this.access.require(tx, caller, campaignId, 'gm');
    await this.assertPlace(tx, seat, wish);
    const object = await this.objects.create(tx, caller, seat, {
      kind: 'map',
      name: wish.name,
      details: {},
      visibility: wish.visibility,
      parentId: wish.locationId ?? null,
    });
    const { picture, cellPx, walls, portals, lights, isLit, ambientLight } = map;
    const ids = { mapId: object.id, campaignId: seat.campaignId };
    const row = {
      ...ids,
      fileId,
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      cellPx,
      cellDistance: USUAL_CELL_DISTANCE,
      distanceUnit: USUAL_UNIT,
    };
    await this.maps.insertMap(tx, row);
    await this.maps.insertPlan(tx, {
      ...ids,
      walls: [...walls],
      portals: [...portals],
      lights: [...lights],
      isLit,
      ambientLight,
    });
    return {
      ...this.battleMaps.toDto({ object, seat }, row),
      notes: [...notes],
      wallCount: walls.length,
      portalCount: portals.length,
      lightCount: lights.length,
    };
  }

  private assertPlace(tx: Tx, seat: Seat, { locationId }: UvttImportQueryDto): Promise<void> {
    return this.locations.assertPlace(tx, seat.campaignId, locationId ?? null);
  }
}
