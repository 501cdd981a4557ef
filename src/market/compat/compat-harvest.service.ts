import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { HarvestAtlas } from '../harvest/harvest-atlas.service.js';
import { type HarvestJobRow, HarvestRepository, type ResourceRow } from '../harvest/harvest.repository.js';
import { distance, nearestNeighbour } from '../harvest/harvest-route.js';
import { type HarvestWorld, mapsWithin, placeCounts, placesOf } from '../harvest/harvest-world.js';
import {
  boundsRequired,
  gridTooLarge,
  methodNotAllowed,
  resourceIdsRequired,
  unknownMode,
} from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import type {
  CompatHarvestJobDto,
  CompatHarvestResourceDto,
  CompatMapDto,
  CompatMapsGridDto,
  CompatRouteDto,
  CompatSubareaOfResourceDto,
} from './compat-harvest.dto.js';
import { optimizeSchema } from './compat-harvest-body.js';
import {
  toHarvestJobDto,
  toHarvestResourceDto,
  toMapDto,
  toStepDto,
  toSubareaDto,
} from './compat-harvest.mapper.js';
import { CompatHarvestRoutes } from './compat-harvest-routes.service.js';
import { numberOf, numbersOf, textOf } from './compat-query.js';
import {
  type CompatCall,
  type CompatReply,
  type CompatRequest,
  CompatResources,
  replyOf,
} from './compat-resources.service.js';

/** Maps that a grid may be wide and high. */
const MAX_GRID = 50;
/** The world's map in the numbers of the original; no other one has maps here. */
const WORLD_MAP = 1;

type Answer = (call: CompatCall) => Promise<unknown>;

/** The original's harvest calls: what grows where, routes by the nearest neighbour, and routes that accounts keep. */
@Injectable()
export class CompatHarvest implements OnModuleInit {
  private readonly modes = new Map<string, Answer>([
    ['', (call) => this.jobs(call)],
    ['jobs', (call) => this.jobs(call)],
    ['resources', (call) => this.resources(call)],
    ['subareas', (call) => this.subareas(call)],
    ['map_positions', (call) => this.mapPositions(call)],
    ['maps_grid', (call) => this.mapsGrid(call)],
  ]);

  constructor(
    private readonly registry: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly harvest: HarvestRepository,
    private readonly atlas: HarvestAtlas,
    private readonly routes: CompatHarvestRoutes,
  ) {}

  onModuleInit(): void {
    this.registry.register(
      'data',
      'harvest',
      {
        GET: (request) => this.get(request),
        POST: (request) => this.post(request),
        PUT: (request) => this.ofRoutes(request, () => this.routes.change(request)),
        DELETE: (request) => this.ofRoutes(request, () => this.routes.remove(request)),
      },
      // A route is worked out for whoever may read; keeping one asks for more (CompatHarvestRoutes).
      { POST: 'market:read', PUT: 'market:own', DELETE: 'market:own' },
    );
  }

  private async get(request: CompatRequest): Promise<CompatReply> {
    const mode = textOf(request.query, 'mode');
    if (mode === 'routes') return this.routes.list(request);
    if (mode === 'optimize') throw methodNotAllowed('POST', 'Only POST is allowed here.');
    const answer = this.modes.get(mode);
    if (!answer) throw unknownMode();
    return replyOf(await answer(request));
  }

  private async post(request: CompatRequest): Promise<CompatReply> {
    if (textOf(request.query, 'mode') === 'optimize') return replyOf(await this.optimize(request));
    return this.ofRoutes(request, () => this.routes.create(request));
  }

  /** What is written are routes only. */
  private async ofRoutes({ query }: CompatRequest, write: () => Promise<CompatReply>): Promise<CompatReply> {
    const mode = textOf(query, 'mode');
    if (mode === 'routes') return write();
    throw mode === 'optimize'
      ? methodNotAllowed('POST', 'Only POST is allowed here.')
      : methodNotAllowed('GET', 'Only GET is allowed here.');
  }

  private async jobs({ principal }: CompatCall): Promise<CompatHarvestJobDto[]> {
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<HarvestJobRow>(principal, this.harvest.jobsStatement(game.id));
    return rows.map(toHarvestJobDto);
  }

  private async resources({ principal, query, origin }: CompatCall): Promise<CompatHarvestResourceDto[]> {
    const jobIds = numbersOf(query, 'jobIds');
    const least = numberOf(query, 'levelMin') ?? -Infinity;
    const most = numberOf(query, 'levelMax') ?? Infinity;
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<ResourceRow>(principal, this.harvest.resourcesStatement(game.id));
    return rows
      .filter(({ jobId, level }) => (jobIds?.includes(jobId) ?? true) && level >= least && level <= most)
      .map((row) => toHarvestResourceDto(row, origin));
  }

  private async subareas({ query }: CompatCall): Promise<CompatSubareaOfResourceDto[]> {
    const wanted = numbersOf(query, 'resourceIds');
    if (!wanted) throw resourceIdsRequired();
    const world = await this.world();
    const counts = placeCounts(world);
    return [...world.subareas.values()].flatMap((subarea) =>
      subarea.resourceIds.flatMap((resourceId) => {
        const count = counts.get(subarea.id);
        if (count === undefined || !wanted.includes(resourceId)) return [];
        return [{ resource_id: resourceId, subarea_id: subarea.id, count, subareas: toSubareaDto(subarea) }];
      }),
    );
  }

  private async mapPositions({ query }: CompatCall): Promise<CompatMapDto[]> {
    const ids = numbersOf(query, 'subareaIds');
    const wanted = ids && new Set(ids);
    const { maps } = await this.world();
    return maps.filter(({ subareaId }) => wanted?.has(subareaId) ?? true).map(toMapDto);
  }

  private async mapsGrid({ query }: CompatCall): Promise<CompatMapsGridDto> {
    const [minX, maxX, minY, maxY] = ['minX', 'maxX', 'minY', 'maxY'].map((key) => numberOf(query, key));
    if (minX == null || maxX == null || minY == null || maxY == null) throw boundsRequired();
    if (maxX - minX + 1 > MAX_GRID || maxY - minY + 1 > MAX_GRID) throw gridTooLarge();
    const bounds = { minX, maxX, minY, maxY };
    const isWorld = (numberOf(query, 'worldMap') ?? WORLD_MAP) === WORLD_MAP;
    const maps = isWorld ? mapsWithin(await this.world(), bounds).map(toMapDto) : [];
    return { bounds, total: maps.length, maps };
  }

  private async optimize({ principal, body, origin }: CompatRequest): Promise<CompatRouteDto> {
    const parsed = optimizeSchema.safeParse(body);
    if (!parsed.success) throw resourceIdsRequired();
    const { resourceIds, startX, startY, budget, excludeSubareaIds } = parsed.data;
    const game = await this.directory.game(COMPAT_GAME);
    const rows = await this.uow.read<ResourceRow>(principal, this.harvest.resourcesStatement(game.id));
    const resources = new Map(rows.map((row) => [row.id, row]));
    const places = placesOf(await this.world(), new Set(resourceIds), new Set(excludeSubareaIds));
    const nodes = places.map(({ x, y }) => ({ x, y, value: 0 }));
    let here = { x: startX, y: startY };
    const steps = nearestNeighbour(nodes, here, budget).map((index, at) => {
      const place = places[index]!;
      const step = toStepDto(place, at + 1, distance(here, place), resources, origin);
      here = place;
      return step;
    });
    const moves = steps.reduce((sum, step) => sum + step.distance_from_prev, 0);
    return {
      route: steps,
      total_distance: moves,
      total_moves: moves,
      total_maps: steps.length,
      available_maps: places.length,
      move_budget: budget,
    };
  }

  private async world(): Promise<HarvestWorld> {
    return this.atlas.world((await this.directory.game(COMPAT_GAME)).id);
  }
}
