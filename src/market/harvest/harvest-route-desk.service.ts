import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import type {
  HarvestRouteChangeDto,
  HarvestRouteDto,
  HarvestRoutesDto,
  HarvestRoutesQueryDto,
  NewHarvestRouteDto,
} from './harvest-routes.dto.js';
import { toHarvestRouteDto } from './harvest-routes.mapper.js';
import { HarvestRoutes } from './harvest-routes.service.js';

/** Kept routes in the words of the native API. */
@Injectable()
export class HarvestRouteDesk {
  constructor(private readonly routes: HarvestRoutes) {}

  async list(caller: Principal, game: string, query: HarvestRoutesQueryDto): Promise<HarvestRoutesDto> {
    const { scope, job, limit, cursor } = query;
    const page = {
      before: cursor === undefined ? undefined : decodeCursor(cursor, ['string'] as const)[0],
      limit,
    };
    const rows =
      scope === 'own'
        ? await this.routes.listOwn(caller, game, page)
        : await this.routes.listPublic(caller, game, job === undefined ? null : [job], page);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => toHarvestRouteDto(row, caller.id),
    );
  }

  async find(caller: Principal, game: string, id: string): Promise<HarvestRouteDto> {
    return toHarvestRouteDto(await this.routes.find(caller, game, id), caller.id);
  }

  create(
    caller: Principal,
    game: string,
    body: NewHarvestRouteDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<HarvestRouteDto>> {
    const { name, description = null, jobIds, resourceIds, steps, isPublic } = body;
    const text = { name, description, jobIds, resourceIds, steps, isPublic };
    return this.routes.create(caller, game, text, request, (row) => toHarvestRouteDto(row, caller.id));
  }

  async change(
    caller: Principal,
    game: string,
    id: string,
    body: HarvestRouteChangeDto,
  ): Promise<HarvestRouteDto> {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const row = await this.routes.change(caller, game, id, given);
    return toHarvestRouteDto(row, caller.id);
  }

  remove(caller: Principal, game: string, id: string): Promise<void> {
    return this.routes.remove(caller, game, id);
  }
}
