import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { tooManyHarvestRoutes, unknownHarvestRoute } from '../market.errors.js';
import {
  type HarvestRouteRow,
  HarvestRoutesRepository,
  type HarvestRouteText,
} from './harvest-routes.repository.js';

/** The anonymous account is one for all callers without a token, and must not fill the table. */
const MAX_ROUTES = 500;
/** What the original shows of public ones. */
const NEWEST = 50;

export interface RoutePage {
  before: string | undefined;
  limit: number;
}

/** Ways round that people keep, by the key of their game. Somebody else's are missing, unless they are public and only read. */
@Injectable()
export class HarvestRoutes {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly routes: HarvestRoutesRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** One's own, newest first. @returns up to one more than the limit */
  async listOwn(caller: Principal, gameKey: string, page: RoutePage): Promise<HarvestRouteRow[]> {
    return this.list(caller, gameKey, page, (tx, gameId, before) =>
      this.routes.listOwn(tx, gameId, caller.id, before, page.limit + 1),
    );
  }

  /** Everybody's public ones, newest first. @param jobIds for at least one of these; null = any */
  async listPublic(
    caller: Principal,
    gameKey: string,
    jobIds: readonly number[] | null,
    page: RoutePage,
  ): Promise<HarvestRouteRow[]> {
    return this.list(caller, gameKey, page, (tx, gameId, before) =>
      this.routes.listPublic(tx, gameId, jobIds, before, page.limit + 1),
    );
  }

  /** The newest public ones, as many as the original shows. */
  async listNewestPublic(
    caller: Principal,
    gameKey: string,
    jobIds: readonly number[] | null,
  ): Promise<HarvestRouteRow[]> {
    const { id: gameId } = await this.directory.game(gameKey);
    return this.uow.run(caller, (tx) => this.routes.listPublic(tx, gameId, jobIds, null, NEWEST));
  }

  /** All of one's own, changed last first. */
  async listOwnByChange(caller: Principal, gameKey: string): Promise<HarvestRouteRow[]> {
    const { id: gameId } = await this.directory.game(gameKey);
    return this.uow.run(caller, (tx) => this.routes.listOwnByChange(tx, gameId, caller.id));
  }

  /** @throws DomainError when there is none that the caller may see */
  async find(caller: Principal, gameKey: string, id: string): Promise<HarvestRouteRow> {
    const { id: gameId } = await this.directory.game(gameKey);
    if (!isUuid(id)) throw unknownHarvestRoute();
    const row = await this.uow.run(caller, (tx) => this.routes.findRoute(tx, gameId, id));
    if (!row) throw unknownHarvestRoute();
    return row;
  }

  /** @throws DomainError when the caller has too many */
  async create<T>(
    caller: Principal,
    gameKey: string,
    text: HarvestRouteText,
    request: IdempotentRequest | undefined,
    map: (row: HarvestRouteRow) => T,
  ): Promise<Outcome<T>> {
    const { id: gameId } = await this.directory.game(gameKey);
    const make = async (tx: Tx): Promise<T> => {
      if ((await this.routes.countOwn(tx, caller.id)) >= MAX_ROUTES) throw tooManyHarvestRoutes(MAX_ROUTES);
      const row = await this.routes.insertRoute(tx, { id: uuidv7(), userId: caller.id, gameId }, text);
      await this.record(tx, caller, 'created', row.id, { after: row });
      return map(row);
    };
    return this.uow.run(caller, (tx) => this.idempotency.once(tx, caller, request, 201, () => make(tx)));
  }

  /** @throws DomainError when it is not the caller's */
  async change(
    caller: Principal,
    gameKey: string,
    id: string,
    change: Partial<HarvestRouteText>,
  ): Promise<HarvestRouteRow> {
    const { id: gameId } = await this.directory.game(gameKey);
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, gameId, caller, id);
      const row = await this.routes.updateRoute(tx, before.id, { ...before, ...change });
      await this.record(tx, caller, 'changed', row.id, { before, after: row });
      return row;
    });
  }

  /** @throws DomainError when it is not the caller's */
  async remove(caller: Principal, gameKey: string, id: string): Promise<void> {
    const { id: gameId } = await this.directory.game(gameKey);
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, gameId, caller, id);
      await this.routes.deleteRoute(tx, before.id);
      await this.record(tx, caller, 'deleted', before.id, { before });
    });
  }

  private async list(
    caller: Principal,
    gameKey: string,
    { before = null }: { before?: string | null | undefined },
    read: (tx: Tx, gameId: number, before: string | null) => Promise<HarvestRouteRow[]>,
  ): Promise<HarvestRouteRow[]> {
    const { id: gameId } = await this.directory.game(gameKey);
    if (before !== null && !isUuid(before)) return [];
    return this.uow.run(caller, (tx) => read(tx, gameId, before));
  }

  private async lock(
    tx: Tx,
    gameId: number,
    { id: userId }: Principal,
    id: string,
  ): Promise<HarvestRouteRow> {
    const row = isUuid(id) ? await this.routes.lockOwn(tx, gameId, userId, id) : null;
    if (!row) throw unknownHarvestRoute();
    return row;
  }

  private record(
    tx: Tx,
    caller: Principal,
    done: 'created' | 'changed' | 'deleted',
    id: string,
    { before, after }: { before?: HarvestRouteRow; after?: HarvestRouteRow },
  ): Promise<void> {
    return this.audit.record(tx, caller, {
      action: `market.harvest-route-${done}`,
      object: { type: 'market.harvest-route', id },
      before: before && stateOf(before),
      after: after && stateOf(after),
    });
  }
}

/** Without the steps, of which there may be a thousand. */
function stateOf({ name, isPublic, jobIds, resourceIds, steps }: HarvestRouteRow): object {
  return { name, isPublic, jobIds, resourceCount: resourceIds.length, stepCount: steps.length };
}
