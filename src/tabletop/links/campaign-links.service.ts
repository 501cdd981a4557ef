import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { assertRole, CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { MembersRepository } from '../members/members.repository.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import type { ObjectKind, Visibility } from '../objects/object-kinds.js';
import { type ObjectRow, ObjectsRepository } from '../objects/objects.repository.js';
import {
  assertSeen,
  invalidLink,
  linkExists,
  notAMember,
  roleTooLow,
  staleObject,
  unknownLink,
  unknownObject,
} from '../tabletop.errors.js';
import { type LinkKind, PLAYERS_LINK } from './link-kinds.js';
import { type LinkContent, type LinkFilter, LinksRepository, type ShownLinkRow } from './links.repository.js';

/** What is to become a link. Without visibility a master's is the masters' own, a player's the party's. */
export interface LinkDraft {
  /** Made by the client; sent again it answers the link that there is. */
  readonly id?: string | undefined;
  readonly kind: LinkKind;
  readonly fromId: string;
  readonly toId: string;
  /** At most 100 characters. */
  readonly type?: string | undefined;
  /** True unless said otherwise. */
  readonly isDirected?: boolean | undefined;
  /** -100 to 100. */
  readonly strength?: number | null | undefined;
  readonly distanceM?: number | null | undefined;
  readonly travelTimeS?: number | null | undefined;
  readonly details?: object | undefined;
  readonly visibility?: Visibility | undefined;
  readonly shownTo?: readonly string[] | undefined;
}

/** What is not named stays as it is. */
export type LinkPatch = Partial<Omit<LinkDraft, 'id' | 'kind' | 'fromId' | 'toId'>>;

/** What its ends have to be, where a room takes some kinds alone. */
export interface LinkEndKinds {
  readonly from?: readonly ObjectKind[];
  readonly to?: readonly ObjectKind[];
}

export interface FoundLink {
  readonly link: ShownLinkRow;
  readonly seat: Seat;
}

/**
 * The one way in which links between objects are written, whichever room they belong to. Masters link anything; players what begins at something of
 * theirs; observers nothing. Everything happens in the caller's transaction, and row-level security judges each row again.
 */
@Injectable()
export class CampaignLinks {
  constructor(
    private readonly links: LinksRepository,
    private readonly objects: ObjectsRepository,
    private readonly access: CampaignAccess,
    private readonly members: MembersRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /**
   * Sent again with its id, it answers the link that there is.
   * @throws DomainError unknown object, for an end that the caller does not see as for none; ends of other kinds, the same end twice; members that
   * are none; the role is too low; the pair has its one link of this kind
   */
  async create(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    draft: LinkDraft,
    kinds: LinkEndKinds = {},
  ): Promise<ShownLinkRow> {
    const { from, to } = await this.endsOf(tx, seat, draft, kinds);
    this.assertMayWrite(seat, draft.kind, from);
    const content = contentOf(draft, seat.role === 'gm' ? 'gm' : 'party');
    await this.assertSound(tx, seat, content);
    const id = draft.id?.toLowerCase() ?? uuidv7();
    const row = {
      ...content,
      id,
      campaignId: seat.campaignId,
      kind: draft.kind,
      fromId: from.id,
      toId: to.id,
    };
    if (!(await this.links.insertLink(tx, row))) return this.findTaken(tx, row);
    await this.record(tx, caller, row, 'created', { after: shown(row) });
    return (await this.links.findLink(tx, id))!;
  }

  /** @throws DomainError unknown link, for what is not shown to the caller, or an end of which is not, as for what never was */
  async find(tx: Tx, caller: Principal, kind: LinkKind, id: string): Promise<FoundLink> {
    const link = isUuid(id) ? await this.links.findLink(tx, id) : null;
    if (link?.kind !== kind) throw unknownLink();
    return { link, seat: await this.access.require(tx, caller, link.campaignId) };
  }

  /**
   * @param seen the version that the caller has seen; undefined = any
   * @throws DomainError unknown link, stale, the role is too low, members that are none
   */
  async change(
    tx: Tx,
    caller: Principal,
    kind: LinkKind,
    id: string,
    patch: LinkPatch,
    seen?: number,
  ): Promise<ShownLinkRow> {
    const { link, seat } = await this.find(tx, caller, kind, id);
    await this.assertMayChange(tx, seat, link);
    assertSeen(link.version, seen);
    const content: LinkContent = {
      type: patch.type ?? link.type,
      isDirected: patch.isDirected ?? link.isDirected,
      strength: patch.strength === undefined ? link.strength : patch.strength,
      distanceM: patch.distanceM === undefined ? link.distanceM : patch.distanceM,
      travelTimeS: patch.travelTimeS === undefined ? link.travelTimeS : patch.travelTimeS,
      details: patch.details ?? link.details,
      visibility: patch.visibility ?? link.visibility,
      shownTo: [...(patch.shownTo ?? link.shownTo)],
    };
    await this.assertSound(tx, seat, content);
    if (!(await this.links.updateLink(tx, link.id, link.version, content)))
      throw staleObject(link.version + 1);
    await this.record(tx, caller, link, 'changed', {
      before: shown(link),
      after: shown({ ...link, ...content }),
    });
    return (await this.links.findLink(tx, link.id))!;
  }

  /** For good; the log keeps what it was. @throws DomainError unknown link, stale, the role is too low */
  async remove(tx: Tx, caller: Principal, kind: LinkKind, id: string, seen?: number): Promise<void> {
    const { link, seat } = await this.find(tx, caller, kind, id);
    await this.assertMayChange(tx, seat, link);
    assertSeen(link.version, seen);
    if (!(await this.links.deleteLink(tx, link.id, link.version))) throw staleObject(link.version + 1);
    await this.record(tx, caller, link, 'deleted', { before: shown(link) });
  }

  /** Those of a kind that the caller sees with both their ends, oldest first. @param after only those behind this id */
  list(tx: Tx, seat: Seat, filter: LinkFilter, after: string | null, limit: number): Promise<ShownLinkRow[]> {
    return tx.query<ShownLinkRow>(this.links.listPage(seat.campaignId, filter, after, limit));
  }

  /** @throws DomainError the caller may see it, and not change it */
  async assertMayChange(tx: Tx, seat: Seat, link: ShownLinkRow): Promise<void> {
    if (seat.role === 'gm') return;
    const [from] = await tx.query<ObjectRow>(this.objects.find(link.fromId));
    if (from === undefined) throw unknownLink();
    this.assertMayWrite(seat, link.kind, from);
  }

  private assertMayWrite(seat: Seat, kind: LinkKind, from: Pick<ObjectRow, 'ownerId'>): void {
    assertRole(seat, 'player');
    if (seat.role !== 'gm' && (from.ownerId !== seat.userId || !PLAYERS_LINK.includes(kind)))
      throw roleTooLow('gm');
  }

  private async endsOf(
    tx: Tx,
    seat: Seat,
    { fromId, toId }: LinkDraft,
    kinds: LinkEndKinds,
  ): Promise<{ from: ObjectRow; to: ObjectRow }> {
    const [from, to] = [
      await this.endOf(tx, seat, fromId, kinds.from),
      await this.endOf(tx, seat, toId, kinds.to),
    ];
    if (from.id === to.id) throw invalidLink('/toId', 'is the same object');
    return { from, to };
  }

  private async endOf(
    tx: Tx,
    seat: Seat,
    id: string,
    kinds: readonly ObjectKind[] | undefined,
  ): Promise<ObjectRow> {
    const [row] = isUuid(id) ? await tx.query<ObjectRow>(this.objects.find(id)) : [];
    const isThere = row?.campaignId === seat.campaignId && row.deletedAt === null;
    if (!isThere || (kinds !== undefined && !kinds.includes(row.kind))) throw unknownObject();
    return row;
  }

  /** What players write they see, or nobody could tell them what became of it. */
  private async assertSound(tx: Tx, seat: Seat, { visibility, shownTo }: LinkContent): Promise<void> {
    if (shownTo.length > 0 && !(await this.members.areMembers(tx, seat.campaignId, shownTo)))
      throw notAMember('/shownTo');
    const isHidden = visibility === 'gm' || (visibility === 'members' && !shownTo.includes(seat.userId));
    if (seat.role !== 'gm' && isHidden) throw invalidLink('/visibility', 'would hide it from yourself');
  }

  private async findTaken(
    tx: Tx,
    row: Pick<ShownLinkRow, 'id' | 'campaignId' | 'kind' | 'fromId' | 'toId'>,
  ): Promise<ShownLinkRow> {
    const known = await this.links.findLink(tx, row.id);
    const isSame =
      known?.campaignId === row.campaignId &&
      known.kind === row.kind &&
      known.fromId === row.fromId &&
      known.toId === row.toId;
    if (!isSame) throw linkExists();
    return known;
  }

  private record(
    tx: Tx,
    caller: Principal,
    link: Pick<ShownLinkRow, 'campaignId' | 'fromId'>,
    action: string,
    states: { before?: object; after?: object },
  ): Promise<void> {
    const { campaignId, fromId } = link;
    return this.changes.record(tx, caller, { campaignId, objectId: fromId, kind: 'link', action, ...states });
  }
}

function contentOf(draft: LinkDraft, visibility: Visibility): LinkContent {
  return {
    type: draft.type ?? '',
    isDirected: draft.isDirected ?? true,
    strength: draft.strength ?? null,
    distanceM: draft.distanceM ?? null,
    travelTimeS: draft.travelTimeS ?? null,
    details: draft.details ?? {},
    visibility: draft.visibility ?? visibility,
    shownTo: [...(draft.shownTo ?? [])],
  };
}

/** For the log. */
function shown(link: LinkContent & Pick<ShownLinkRow, 'id' | 'kind' | 'fromId' | 'toId'>): object {
  const {
    id,
    kind,
    fromId,
    toId,
    type,
    isDirected,
    strength,
    distanceM,
    travelTimeS,
    details,
    visibility,
    shownTo,
  } = link;
  return {
    id,
    kind,
    fromId,
    toId,
    type,
    isDirected,
    strength,
    distanceM,
    travelTimeS,
    details,
    visibility,
    shownTo,
  };
}
