import { Injectable } from '@nestjs/common';
import { assertMay } from '../../platform/auth/assert-may.js';
import { DomainError } from '../../platform/http/domain-error.js';
import type { HarvestRouteText } from '../harvest/harvest-routes.repository.js';
import { HarvestRoutes } from '../harvest/harvest-routes.service.js';
import { routeFieldsMissing, routeIdRequired, routeNotFound, routeRefused } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import { faultText, type RouteChange, routeChangeSchema, routeSchema } from './compat-harvest-body.js';
import { toKeptRouteDto, toOwnRouteDto, toPublicRouteDto } from './compat-harvest.mapper.js';
import { numbersOf, textOf } from './compat-query.js';
import { type CompatReply, type CompatRequest, replyOf } from './compat-resources.service.js';

const MUST_HAVE = ['name', 'target_job_ids', 'target_resource_ids', 'route_data'] as const;

/** Routes that accounts keep, in the original's shapes. The owner is the account of the token, whatever the body says. */
@Injectable()
export class CompatHarvestRoutes {
  constructor(private readonly routes: HarvestRoutes) {}

  async list({ principal, query }: CompatRequest): Promise<CompatReply> {
    if (textOf(query, 'public') === 'true') {
      const rows = await this.routes.listNewestPublic(
        principal,
        COMPAT_GAME,
        idsOf(numbersOf(query, 'jobIds')),
      );
      return replyOf(rows.map(toPublicRouteDto));
    }
    const rows = await this.routes.listOwnByChange(principal, COMPAT_GAME);
    return replyOf(rows.map(toOwnRouteDto));
  }

  async create({ principal, body }: CompatRequest): Promise<CompatReply> {
    assertMay(principal, 'market:own');
    const given = body as Record<string, unknown> | null | undefined;
    if (MUST_HAVE.some((key) => !given?.[key])) throw routeFieldsMissing();
    const parsed = routeSchema.safeParse(body);
    if (!parsed.success) throw routeRefused(faultText(parsed.error));
    const text = { description: null, isPublic: false, ...textOfBody(parsed.data) };
    const { body: row } = await this.routes
      .create(principal, COMPAT_GAME, text as HarvestRouteText, undefined, (made) => made)
      .catch(refuse);
    return replyOf(toKeptRouteDto(row), 201);
  }

  async change({ principal, query, body }: CompatRequest): Promise<CompatReply> {
    const id = routeIdOf(query);
    const parsed = routeChangeSchema.safeParse(body ?? {});
    if (!parsed.success) throw routeRefused(faultText(parsed.error));
    const change = textOfBody(parsed.data);
    const row = await this.routes.change(principal, COMPAT_GAME, id, change).catch(refuse);
    return replyOf(toKeptRouteDto(row));
  }

  async remove({ principal, query }: CompatRequest): Promise<CompatReply> {
    await this.routes.remove(principal, COMPAT_GAME, routeIdOf(query)).catch(refuse);
    return replyOf(null, 204);
  }
}

function routeIdOf(query: CompatRequest['query']): string {
  const id = textOf(query, 'routeId');
  if (id === '') throw routeIdRequired();
  return id;
}

/** Ids that can be some; a list without any matches nothing. */
function idsOf(numbers: number[] | null): number[] | null {
  return numbers && numbers.filter((number) => Number.isInteger(number) && Math.abs(number) < 2 ** 31);
}

/** What is given, in our words. */
function textOfBody(body: RouteChange): Partial<HarvestRouteText> {
  const text = {
    name: body.name,
    description: body.description,
    jobIds: body.target_job_ids,
    resourceIds: body.target_resource_ids,
    steps: body.route_data,
    isPublic: body.is_public,
  };
  const given = Object.entries(text).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw error.kind === 'notFound' ? routeNotFound() : routeRefused(error.message);
}
