import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import type { TravelPathDto, TravelPathQueryDto } from './location-edges.dto.js';
import { LocationsRepository } from './locations.repository.js';
import { shortestPath, type TravelWay } from './travel-paths.js';

/** How one gets from place to place, over what the caller sees alone: a hidden way, or one over a hidden place, is none. */
@Injectable()
export class TravelPaths {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly locations: LocationsRepository,
    private readonly profiler: Profiler,
  ) {}

  /** @throws DomainError unknown campaign; unknown object: one of the places */
  find(caller: Principal, campaignId: string, { from, to, by }: TravelPathQueryDto): Promise<TravelPathDto> {
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      const start = await this.desk.findIn(tx, caller, seat, 'location', from);
      const end = await this.desk.findIn(tx, caller, seat, 'location', to);
      const ways = await tx.query<TravelWay>(this.locations.ways(seat.campaignId));
      const path = this.profiler.time('tabletop.find-travel-path', () =>
        shortestPath(ways, start.id, end.id, by),
      );
      const steps = path?.steps ?? [];
      const names = await this.locations.listNames(tx, [
        ...new Set(steps.flatMap((step) => [step.fromId, step.toId])),
      ]);
      const named = (id: string): { id: string; name: string } => ({ id, name: names.get(id)! });
      const taken = new Map(ways.map((way) => [way.id, way]));
      const sumOf = (measure: 'distanceM' | 'travelTimeS'): number | null =>
        path === null ? null : sum(steps.map(({ wayId }) => taken.get(wayId)![measure]));
      return {
        by,
        isReachable: path !== null,
        steps: steps.map(({ wayId, fromId, toId }) => ({
          edgeId: wayId,
          from: named(fromId),
          to: named(toId),
        })),
        distanceM: sumOf('distanceM'),
        travelTimeS: sumOf('travelTimeS'),
      };
    });
  }
}

function sum(values: readonly (number | null)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return total;
}
