import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { HarvestAtlas } from './harvest-atlas.service.js';
import type {
  HarvestFiguresDto,
  HarvestMapsDto,
  HarvestMapsQueryDto,
  HarvestPlanDto,
  HarvestResourcesDto,
  HarvestResourcesQueryDto,
  HarvestSubareasDto,
  HarvestSubareasQueryDto,
  OptimizeHarvestDto,
} from './harvest.dto.js';
import {
  toHarvestMapDto,
  toHarvestPriceDto,
  toHarvestResourceDto,
  toHarvestSubareaDto,
} from './harvest.mapper.js';
import { HarvestRepository, type ResourcePriceRow, type ResourceRow } from './harvest.repository.js';
import { distance, figuresOf, nearestNeighbour, type Point, type Route } from './harvest-route.js';
import { EXPECTED_COUNT, type HarvestPlace, placeCounts, placesOf } from './harvest-world.js';
import { valueRoute } from './value-route.js';

/** A place with what a visit brings. */
type ValuedPlace = HarvestPlace & { value: number };

/** What can be gathered where, and routes by what it is worth on a server. */
@Injectable()
export class HarvestService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly harvest: HarvestRepository,
    private readonly atlas: HarvestAtlas,
    private readonly profiler: Profiler,
  ) {}

  async resources(
    principal: Principal,
    gameKey: string,
    query: HarvestResourcesQueryDto,
  ): Promise<HarvestResourcesDto> {
    const game = await this.directory.game(gameKey);
    const [level, id] = query.cursor ? decodeCursor(query.cursor, ['number', 'number'] as const) : [-1, -1];
    const rows = await this.uow.read<ResourceRow>(principal, this.harvest.resourcesStatement(game.id));
    const found = rows.filter(
      (row) =>
        (row.level > level || (row.level === level && row.id > id)) &&
        row.level >= (query.levelMin ?? 0) &&
        row.level <= (query.levelMax ?? Infinity) &&
        (query.job === undefined || row.jobId === query.job),
    );
    return toPage(
      found.slice(0, query.limit + 1),
      query.limit,
      (row) => [row.level, row.id],
      toHarvestResourceDto,
    );
  }

  async subareas(gameKey: string, query: HarvestSubareasQueryDto): Promise<HarvestSubareasDto> {
    const world = await this.atlas.world((await this.directory.game(gameKey)).id);
    const { resource } = query;
    const found = [...world.subareas.values()].filter(
      ({ id, resourceIds }) =>
        id > afterId(query.cursor) && (resource === undefined || resourceIds.includes(resource)),
    );
    const counts = placeCounts(world);
    return toPage(
      found.slice(0, query.limit + 1),
      query.limit,
      (row) => [row.id],
      (row) => toHarvestSubareaDto(row, counts.get(row.id) ?? 0),
    );
  }

  async maps(gameKey: string, query: HarvestMapsQueryDto): Promise<HarvestMapsDto> {
    const world = await this.atlas.world((await this.directory.game(gameKey)).id);
    const { subarea, resource } = query;
    const after = afterId(query.cursor);
    const grows = (subareaId: number): boolean =>
      resource === undefined || world.subareas.get(subareaId)!.resourceIds.includes(resource);
    const found = world.maps.filter(
      ({ id, subareaId }) =>
        id > after && (subarea === undefined || subareaId === subarea) && grows(subareaId),
    );
    return toPage(found.slice(0, query.limit + 1), query.limit, (row) => [row.id], toHarvestMapDto);
  }

  /** The route of most value within its moves, at the newest prices of the server that are not flagged. */
  async optimize(
    principal: Principal,
    place: { game: string; server: string },
    wish: OptimizeHarvestDto,
  ): Promise<HarvestPlanDto> {
    const server = await this.directory.server(place.game, place.server);
    const [world, prices] = await Promise.all([
      this.atlas.world(server.gameId),
      this.uow.read<ResourcePriceRow>(
        principal,
        this.harvest.pricesStatement(server.id, server.gameId, wish.resourceIds),
      ),
    ]);
    const wanted = new Set(wish.resourceIds);
    const places = valued(placesOf(world, wanted, new Set(wish.excludeSubareaIds)), prices);
    const start = { x: wish.startX, y: wish.startY };
    const route = await this.profiler.time('market.plan-harvest', () =>
      runInTurns(valueRoute(places, start, wish.maxMoves)),
    );
    const priced = new Set(prices.map(({ id }) => id));
    return {
      steps: stepsOf(places, start, route),
      figures: toFigures(places, start, route),
      nearestNeighbour: toFigures(places, start, nearestNeighbour(places, start, wish.maxMoves)),
      prices: prices.map(toHarvestPriceDto),
      unpricedIds: wish.resourceIds.filter((id) => !priced.has(id)),
      availablePlaceCount: places.length,
    };
  }
}

/** Ids begin at 0. */
const afterId = (cursor: string | undefined): number =>
  cursor === undefined ? -1 : decodeCursor(cursor, ['number'] as const)[0];

function valued(places: readonly HarvestPlace[], prices: readonly ResourcePriceRow[]): ValuedPlace[] {
  const priceOf = new Map(prices.map(({ id, price }) => [id, price]));
  return places.map((place) => ({
    ...place,
    value: place.resourceIds.reduce((sum, id) => sum + EXPECTED_COUNT * (priceOf.get(id) ?? 0), 0),
  }));
}

function stepsOf(places: readonly ValuedPlace[], start: Point, route: Route): HarvestPlanDto['steps'] {
  return route.map((index, at) => {
    const { id, x, y, subareaId, resourceIds, value } = places[index]!;
    const before = at === 0 ? start : places[route[at - 1]!]!;
    return { mapId: id, x, y, subareaId, moves: distance(before, { x, y }), resourceIds, value };
  });
}

function toFigures(places: readonly ValuedPlace[], start: Point, route: Route): HarvestFiguresDto {
  const { moves, value } = figuresOf(places, start, route);
  return { moves, value, valuePerMove: moves === 0 ? 0 : value / moves, mapCount: route.length };
}
