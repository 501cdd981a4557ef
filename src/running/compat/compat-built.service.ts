import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { swiftInstant } from './compat-answer.js';
import { builtRunsQuery, polylineQuery } from './compat-bodies.js';
import type { CompatWispFeatureDto, CompatWispHealthDto, CompatWispPolylineDto } from './compat-built.dto.js';
import type {
  CompatWispBuiltRouteDto,
  CompatWispBuiltRunDto,
  CompatWispBuiltRunsDto,
} from './compat-runs.dto.js';
import { CompatRuns } from './compat-runs.service.js';

/** The same runs in the shapes of the server that was built. */
@Injectable()
export class CompatBuilt {
  constructor(private readonly reads: CompatRuns) {}

  health(): CompatWispHealthDto {
    return { status: 'healthy', timestamp: swiftInstant(new Date()) };
  }

  async runs(caller: Principal, query: unknown): Promise<CompatWispBuiltRunsDto> {
    return this.reads.listBuilt(caller, parseInput(builtRunsQuery, query));
  }

  async latest(caller: Principal): Promise<CompatWispBuiltRunDto> {
    return { run: await this.reads.latest(caller) };
  }

  /** @throws DomainError unknown run */
  async run(caller: Principal, id: string): Promise<CompatWispBuiltRunDto> {
    return { run: await this.reads.run(caller, id) };
  }

  /** @throws DomainError unknown run, or one without places */
  async route(caller: Principal, id: string): Promise<CompatWispBuiltRouteDto> {
    return { route: await this.reads.route(caller, id, 'instants') };
  }

  /** @throws DomainError likewise */
  async polyline(
    caller: Principal,
    id: string,
    query: unknown,
  ): Promise<CompatWispFeatureDto | CompatWispPolylineDto> {
    const { format } = parseInput(polylineQuery, query);
    const { run_id, coordinates, encoded_polyline, total_points } = await this.reads.route(
      caller,
      id,
      'instants',
    );
    if (format === 'coordinates') return { coordinates, encoded_polyline, total_points };
    return {
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: coordinates.map(({ lat, lon }) => [lon, lat]) },
      properties: { run_id },
    };
  }
}
