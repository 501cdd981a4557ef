import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignLinks, type FoundLink } from '../links/campaign-links.service.js';
import type { LinkFilter, ShownLinkRow } from '../links/links.repository.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { lastEvent, tooMany, unknownLink } from '../tabletop.errors.js';
import { type LinkEventRow, LinkEventsRepository } from './link-events.repository.js';
import { inOrder, type Standing, standingAt, standingNow } from './relationship-timeline.js';
import type {
  NewRelationshipDto,
  NewRelationshipEventDto,
  RelationshipChangeDto,
  RelationshipDto,
  RelationshipEventDto,
  RelationshipStandingDto,
} from './relationships.dto.js';
import {
  type RelationshipDetails,
  toRelationshipDto,
  toRelationshipEventDto,
} from './relationships.mapper.js';

const KIND = 'relationship';
/** Of one relation. */
export const MOST_EVENTS = 500;

/**
 * What characters are to each other, and how that came about: a relation stands as its newest event says, so whoever changes how it stands adds one,
 * and what is told later of an earlier day finds its place.
 */
@Injectable()
export class Relationships {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: CampaignLinks,
    private readonly events: LinkEventsRepository,
    private readonly access: CampaignAccess,
    private readonly changes: CampaignChanges,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError as {@link CampaignLinks.create} */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewRelationshipDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<RelationshipDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'player');
        const { id, fromId, toId, type, isDirected, strength, visibility, shownTo } = wish;
        const draft = { id, fromId, toId, type, isDirected, strength, visibility, shownTo };
        const details: RelationshipDetails = { notes: cleanHtml(wish.notes ?? '') };
        const ends = { from: ['character'], to: ['character'] } as const;
        const link = await this.links.create(tx, caller, seat, { ...draft, kind: KIND, details }, ends);
        if ((await this.eventsOf(tx, link)).length === 0)
          await this.addEvent(tx, link, link, { ...momentOf(wish), notes: '' }, now);
        return toRelationshipDto(link, seat);
      }),
    );
  }

  /** Oldest first. @param after only those behind this id @throws DomainError unknown campaign */
  list(
    caller: Principal,
    campaignId: string,
    filter: Omit<LinkFilter, 'kind'>,
    after: string | null,
    limit: number,
  ): Promise<Page<RelationshipDto>> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const rows = await this.links.list(tx, seat, { ...filter, kind: KIND }, after, limit + 1);
      return toPage(
        rows,
        limit,
        ({ id }) => [id],
        (row) => toRelationshipDto(row, seat),
      );
    });
  }

  /** @throws DomainError unknown link */
  find(caller: Principal, id: string): Promise<RelationshipDto> {
    return this.uow.run(caller, async (tx) => {
      const { link, seat } = await this.links.find(tx, caller, KIND, id);
      return toRelationshipDto(link, seat);
    });
  }

  /** Another type or strength is an event of its own. @throws DomainError as {@link CampaignLinks.change}; as many events as there may be */
  change(
    caller: Principal,
    id: string,
    wish: RelationshipChangeDto,
    seen: number | undefined,
    now = new Date(),
  ): Promise<RelationshipDto> {
    return this.uow.run(caller, async (tx) => {
      const { link, seat } = await this.links.find(tx, caller, KIND, id);
      await this.links.assertMayChange(tx, seat, link);
      const standing =
        wish.type !== undefined || wish.strength !== undefined ? await this.restand(tx, link, wish, now) : {};
      const { isDirected, visibility, shownTo, notes } = wish;
      const details = notes === undefined ? undefined : { ...link.details, notes: cleanHtml(notes) };
      const patch = { ...standing, isDirected, visibility, shownTo, details };
      return toRelationshipDto(await this.links.change(tx, caller, KIND, id, patch, seen), seat);
    });
  }

  /** @throws DomainError as {@link CampaignLinks.remove} */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.uow.run(caller, (tx) => this.links.remove(tx, caller, KIND, id, seen));
  }

  /** The newest, oldest of them first. @throws DomainError unknown link */
  listEvents(caller: Principal, id: string, limit: number): Promise<LinkEventRow[]> {
    return this.uow.run(caller, async (tx) => {
      const { link } = await this.links.find(tx, caller, KIND, id);
      return tx.query<LinkEventRow>(this.events.listEvents(link.campaignId, link.id, limit));
    });
  }

  /** What it leaves out is as it was then. @throws DomainError unknown link, the role is too low, as many as there may be */
  tell(
    caller: Principal,
    id: string,
    wish: NewRelationshipEventDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<RelationshipEventDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const found = await this.links.find(tx, caller, KIND, id);
        await this.links.assertMayChange(tx, found.seat, found.link);
        const at = wish.happenedAt === undefined ? now : new Date(wish.happenedAt);
        const events = await this.eventsOf(tx, found.link);
        assertRoom(events);
        const before = standingAt(events, at) ?? {
          type: found.link.type,
          strength: null,
        };
        const event = await this.addEvent(
          tx,
          found.link,
          stoodAs(before, wish),
          { ...momentOf(wish), notes: cleanHtml(wish.notes ?? '') },
          now,
        );
        await this.follow(tx, caller, found);
        return toRelationshipEventDto(event);
      }),
    );
  }

  /** The only event stays: without it there was no relation. @throws DomainError unknown link or event, the role is too low, the only event */
  untell(caller: Principal, id: string, eventId: string): Promise<void> {
    return this.uow.run(caller, async (tx) => {
      const found = await this.links.find(tx, caller, KIND, id);
      await this.links.assertMayChange(tx, found.seat, found.link);
      const events = await this.eventsOf(tx, found.link);
      const gone = events.find((event) => event.id === eventId.toLowerCase());
      if (gone === undefined) throw unknownLink();
      if (events.length === 1) throw lastEvent();
      await this.events.deleteEvent(tx, found.link.id, gone.id);
      await this.changes.record(tx, caller, {
        campaignId: found.link.campaignId,
        objectId: found.link.fromId,
        kind: 'link',
        action: 'event-deleted',
        before: { linkId: found.link.id, type: gone.type, strength: gone.strength, notes: gone.notes },
      });
      await this.follow(tx, caller, found);
    });
  }

  private eventsOf(tx: Tx, { campaignId, id }: ShownLinkRow): Promise<LinkEventRow[]> {
    return tx.query<LinkEventRow>(this.events.listEvents(campaignId, id));
  }

  /** Adds the event of a change and says how the relation stands then. Without a day it is the newest. */
  private async restand(
    tx: Tx,
    link: ShownLinkRow,
    wish: RelationshipChangeDto,
    now: Date,
  ): Promise<Standing> {
    const events = await this.eventsOf(tx, link);
    assertRoom(events);
    const newest = inOrder(events).at(-1)?.happenedAt ?? now;
    const happenedAt = wish.happenedAt ?? (newest > now ? newest : now).toISOString();
    const standing = stoodAs({ type: link.type, strength: link.strength }, wish);
    const added = await this.addEvent(tx, link, standing, { ...momentOf(wish), happenedAt, notes: '' }, now);
    return standingNow([...events, added])!;
  }

  /** The relation as its events tell it now. */
  private async follow(tx: Tx, caller: Principal, { link }: FoundLink): Promise<void> {
    const standing = standingNow(await this.eventsOf(tx, link));
    if (standing !== null) await this.links.change(tx, caller, KIND, link.id, standing);
  }

  private addEvent(
    tx: Tx,
    link: ShownLinkRow,
    standing: Standing,
    {
      happenedAt,
      worldDate,
      notes,
    }: Pick<RelationshipStandingDto, 'happenedAt' | 'worldDate'> & { notes: string },
    now: Date,
  ): Promise<LinkEventRow> {
    return this.events.insertEvent(tx, {
      id: uuidv7(),
      campaignId: link.campaignId,
      linkId: link.id,
      happenedAt: happenedAt === undefined ? now : new Date(happenedAt),
      worldDate: worldDate ?? null,
      type: standing.type,
      strength: standing.strength,
      notes,
    });
  }
}

function assertRoom(events: readonly LinkEventRow[]): void {
  if (events.length >= MOST_EVENTS) throw tooMany(MOST_EVENTS, 'events of a relation');
}

function momentOf({
  happenedAt,
  worldDate,
}: RelationshipStandingDto): Pick<RelationshipStandingDto, 'happenedAt' | 'worldDate'> {
  return { ...(happenedAt !== undefined && { happenedAt }), ...(worldDate !== undefined && { worldDate }) };
}

function stoodAs(before: Standing, wish: Pick<RelationshipChangeDto, 'type' | 'strength'>): Standing {
  return {
    type: wish.type ?? before.type,
    strength: wish.strength === undefined ? before.strength : wish.strength,
  };
}
