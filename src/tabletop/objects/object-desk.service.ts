import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';
import { unknownObject } from '../tabletop.errors.js';
import {
  CampaignObjects,
  type FoundObject,
  type ObjectDraft,
  type ObjectPatch,
} from './campaign-objects.service.js';
import type { ObjectKind } from './object-kinds.js';
import type { ObjectFilter, ObjectRow } from './objects.repository.js';

/** What a room makes of an object for whoever asked. */
export type Answer<Dto> = (tx: Tx, found: FoundObject) => Dto | Promise<Dto>;

/**
 * What every room does with the objects of its kind, in a transaction of its own each: made once per idempotency key, found, changed, removed and
 * listed. What is special to a kind, its room hands in.
 */
@Injectable()
export class ObjectDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError unknown campaign; what `CampaignObjects.create` and the draft refuse */
  create<Dto>(
    caller: Principal,
    campaignId: string,
    request: IdempotentRequest | undefined,
    draft: (tx: Tx, seat: Seat) => ObjectDraft | Promise<ObjectDraft>,
    answer: Answer<Dto>,
  ): Promise<Outcome<Dto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'player');
        const object = await this.objects.create(tx, caller, seat, await draft(tx, seat));
        return answer(tx, { object, seat });
      }),
    );
  }

  /** @throws DomainError unknown object */
  find<Dto>(caller: Principal, kind: ObjectKind, id: string, answer: Answer<Dto>): Promise<Dto> {
    return this.uow.run(caller, async (tx) => answer(tx, await this.objects.find(tx, caller, kind, id)));
  }

  /** An object of the very campaign. @param kind null = any @throws DomainError unknown object */
  async findIn(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    kind: ObjectKind | null,
    id: string,
  ): Promise<ObjectRow> {
    const { object } = await this.objects.find(tx, caller, kind, id);
    if (object.campaignId !== seat.campaignId) throw unknownObject();
    return object;
  }

  /** Something made that belongs to an object, once per idempotency key. @throws DomainError unknown object */
  add<Dto>(
    caller: Principal,
    kind: ObjectKind,
    id: string,
    request: IdempotentRequest | undefined,
    work: (tx: Tx, found: FoundObject) => Promise<Dto>,
  ): Promise<Outcome<Dto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () =>
        work(tx, await this.objects.find(tx, caller, kind, id)),
      ),
    );
  }

  /** Anything of a campaign that is about no single object. @throws DomainError unknown campaign; a role below `least` */
  within<Result>(
    caller: Principal,
    campaignId: string,
    least: SeatRole,
    work: (tx: Tx, seat: Seat) => Promise<Result>,
  ): Promise<Result> {
    return this.uow.run(caller, async (tx) =>
      work(tx, await this.access.require(tx, caller, campaignId, least)),
    );
  }

  /** @param seen the version that the caller has seen @throws DomainError unknown object, stale, what the patch is refused for */
  change<Dto>(
    caller: Principal,
    kind: ObjectKind,
    id: string,
    seen: number | undefined,
    patch: (tx: Tx, found: FoundObject) => ObjectPatch | Promise<ObjectPatch>,
    answer: Answer<Dto>,
  ): Promise<Dto> {
    return this.uow.run(caller, async (tx) => {
      const found = await this.objects.lock(tx, caller, kind, id);
      const object = await this.objects.change(tx, caller, kind, id, await patch(tx, found), seen);
      return answer(tx, { object, seat: found.seat });
    });
  }

  /** It can be restored. @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, kind: ObjectKind, id: string, seen: number | undefined): Promise<void> {
    return this.uow.run(caller, (tx) => this.objects.remove(tx, caller, kind, id, seen));
  }

  /** By name. @throws DomainError unknown campaign, a cursor of another list; unknown object: what they shall lie in */
  list<Dto>(
    caller: Principal,
    campaignId: string,
    filter: ObjectFilter,
    query: { limit: number; cursor?: string },
    answer: (found: FoundObject) => Dto,
  ): Promise<Page<Dto>> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'] as const);
    return this.within(caller, campaignId, 'observer', async (tx, seat) => {
      // Where something lies is told to those alone who see the place: the list would tell it to whoever guesses an id.
      if (filter.parentId !== undefined) await this.findIn(tx, caller, seat, null, filter.parentId);
      const rows = await this.objects.list(tx, seat, filter, after, query.limit + 1);
      return toPage(
        rows,
        query.limit,
        ({ name, id }) => [name, id],
        (object) => answer({ object, seat }),
      );
    });
  }
}
