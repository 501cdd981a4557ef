import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { HeartZones } from '../analytics/heart-zones.service.js';
import { MOST_GHOSTS } from '../ghosts/ghost-kinds.js';
import type { OwnGhostRow } from '../ghosts/ghosts.repository.js';
import { GhostsService } from '../ghosts/ghosts.service.js';
import { OpenGhosts } from '../ghosts/open-ghosts.service.js';
import { RecommendedGhosts } from '../ghosts/recommended-ghosts.service.js';
import { ghostsQuery, publicGhostsQuery, rangeOf } from './compat-ghost-bodies.js';
import type {
  CompatWispGhostDetailsDto,
  CompatWispGhostDto,
  CompatWispGhostsDto,
  CompatWispPublicGhostsDto,
  CompatWispRaceDataDto,
  CompatWispRecommendedGhostsDto,
} from './compat-ghosts.dto.js';
import {
  toCompatGhost,
  toCompatGhostDetails,
  toCompatPublicGhost,
  toCompatRaceData,
  toCompatRecommended,
} from './compat-ghosts.mapper.js';
import {
  CompatGhostsRepository,
  type Creator,
  type GhostRaces,
  type GhostRunHead,
} from './compat-ghosts.repository.js';
import { ghostKindOf, ghostTypesOf } from './compat-kinds.js';

/** Zones need no runs: those of one day are read as the least. */
const ZONES_OF = { days: 1 };

/** Ghosts as the original's app reads them. */
@Injectable()
export class CompatGhosts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly ghosts: GhostsService,
    private readonly open: OpenGhosts,
    private readonly recommendations: RecommendedGhosts,
    private readonly zones: HeartZones,
    private readonly rows: CompatGhostsRepository,
  ) {}

  /** The caller's own, newest first: all of them, since an account has few. */
  async list(caller: Principal, query: unknown): Promise<CompatWispGhostsDto> {
    const { ghost_type, is_active } = parseInput(ghostsQuery, query);
    const all = await this.ghosts.list(caller, { type: null, isActive: is_active }, null, MOST_GHOSTS);
    const rows = all.filter(({ type }) => ghost_type === undefined || ghostKindOf(type) === ghost_type);
    const runs = await this.runsOf(caller, rows);
    return { ghosts: rows.map((row) => toCompatGhost(row, runs)) };
  }

  /** @throws DomainError unknown ghost */
  async find(caller: Principal, id: string): Promise<CompatWispGhostDto> {
    const row = await this.ghosts.find(caller, id);
    return toCompatGhost(row, await this.runsOf(caller, [row]));
  }

  /** @throws DomainError unknown ghost */
  async details(caller: Principal, id: string): Promise<CompatWispGhostDetailsDto> {
    const row = await this.ghosts.find(caller, id);
    const runs = await this.runsOf(caller, [row]);
    const [races] = await this.uow.read<GhostRaces>(caller, this.rows.sumRaces(caller.id, row.id));
    return toCompatGhostDetails(row, runs, races!);
  }

  /** Those that everybody may race, newest first. */
  async listPublic(caller: Principal, query: unknown): Promise<CompatWispPublicGhostsDto> {
    const { ghost_type, difficulty_level, distance_range, limit, cursor } = parseInput(
      publicGhostsQuery,
      query,
    );
    const [leastM, mostM] = distance_range === undefined ? [null, null] : rangeOf(distance_range);
    const types = ghost_type === undefined ? null : ghostTypesOf(ghost_type);
    const filter = { types, difficulty: difficulty_level ?? null, leastM, mostM };
    const found = await this.open.listPublic(filter, cursor ?? null, limit + 1);
    const rows = found.slice(0, limit);
    const owners = [...new Set(rows.map(({ userId }) => userId))];
    const creators = await this.system.read<Creator>(SYSTEM_SCOPE, this.rows.listCreators(caller.id, owners));
    const byId = new Map(creators.map((creator) => [creator.userId, creator]));
    return {
      ghosts: rows.map((row) => toCompatPublicGhost(row, byId.get(row.userId))),
      next_cursor: found.length > limit ? rows.at(-1)!.id : null,
    };
  }

  async recommended(caller: Principal): Promise<CompatWispRecommendedGhostsDto> {
    const { items } = await this.recommendations.recommend(caller);
    return { recommended: items.map(toCompatRecommended) };
  }

  /** Of one's own, of public ones, and of those taken over. @throws DomainError unknown ghost; its curve is being made */
  async raceData(caller: Principal, id: string): Promise<CompatWispRaceDataDto> {
    const { curve } = await this.open.curve(caller.id, id);
    return toCompatRaceData(id.toLowerCase(), curve, await this.zones.zones(caller, ZONES_OF));
  }

  private async runsOf(
    caller: Principal,
    rows: readonly OwnGhostRow[],
  ): Promise<ReadonlyMap<string, GhostRunHead>> {
    const ids = rows.flatMap(({ runIds }) => runIds.slice(0, 1));
    if (ids.length === 0) return new Map();
    const runs = await this.uow.read<GhostRunHead>(caller, this.rows.listRuns(caller.id, ids));
    return new Map(runs.map((run) => [run.id, run]));
  }
}
