import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { assertRole, type Seat } from '../campaigns/campaign-access.service.js';
import { TEXT_CONFIGURATION } from '../campaigns/campaign-kinds.js';
import { MembersRepository } from '../members/members.repository.js';
import {
  assertSeen,
  invalidParent,
  notAMember,
  objectIdTaken,
  roleTooLow,
  staleObject,
} from '../tabletop.errors.js';
import { CampaignChanges } from './campaign-changes.service.js';
import type { ObjectKind, Visibility } from './object-kinds.js';
import {
  type ObjectContent,
  type ObjectFilter,
  type ObjectRow,
  ObjectsRepository,
} from './objects.repository.js';
import { ObjectReader } from './object-reader.service.js';

/** What is to become an object. Without visibility it is the masters' own. */
export interface ObjectDraft {
  /** Made by the client; sent again it answers the object that there is. */
  readonly id?: string | undefined;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly summary?: string | undefined;
  readonly body?: string | undefined;
  readonly details: object;
  readonly tags?: readonly string[] | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly visibility?: Visibility | undefined;
  readonly shownTo?: readonly string[] | undefined;
  readonly ownerId?: string | null | undefined;
  readonly parentId?: string | null | undefined;
}

/** What is not named stays as it is. */
export type ObjectPatch = Partial<Omit<ObjectDraft, 'id' | 'kind'>>;

export interface FoundObject {
  readonly object: ObjectRow;
  readonly seat: Seat;
}

/** Kinds that players may make: their own characters, what belongs to these, and notes. */
const PLAYERS_MAKE: readonly ObjectKind[] = ['character', 'arc', 'note'];

/**
 * The one way in which objects of campaigns are written, whichever room they belong to: who may, what is logged, what can be searched. Everything
 * happens in the caller's transaction, and row-level security judges each row again.
 */
@Injectable()
export class CampaignObjects {
  constructor(
    private readonly objects: ObjectsRepository,
    private readonly reader: ObjectReader,
    private readonly members: MembersRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError the role is too low; members or parent that are none; the id is taken by another object */
  async create(tx: Tx, caller: Principal, seat: Seat, draft: ObjectDraft): Promise<ObjectRow> {
    const content = this.contentOf(seat, draft);
    await this.assertSound(tx, seat, content);
    const id = draft.id?.toLowerCase() ?? uuidv7();
    const row = { ...content, id, campaignId: seat.campaignId, kind: draft.kind, createdBy: caller.id };
    const isNew = await this.objects.insertObject(tx, row, TEXT_CONFIGURATION[seat.campaign.language]);
    if (!isNew) return this.findTaken(tx, caller, seat, draft.kind, id);
    await this.changes.record(tx, caller, {
      campaignId: seat.campaignId,
      objectId: id,
      kind: draft.kind,
      action: 'created',
      after: shown(content),
    });
    return (await this.reader.find(tx, caller, [draft.kind], id)).object;
  }

  /** For a change that is worked out from it: nobody else writes it until the transaction ends. @throws DomainError likewise, or may not be written */
  lock(tx: Tx, caller: Principal, kind: ObjectKind, id: string): Promise<FoundObject> {
    return this.reader.lock(tx, caller, kind, id);
  }

  /** @param kind null = any @throws DomainError unknown object, for what is not shown to the caller as for what never was */
  find(tx: Tx, caller: Principal, kind: ObjectKind | null, id: string): Promise<FoundObject> {
    return this.reader.find(tx, caller, kind === null ? null : [kind], id);
  }

  /**
   * @param seen the version that the caller has seen; undefined = any
   * @throws DomainError unknown object, stale, the role is too low, members or parent that are none
   */
  async change(
    tx: Tx,
    caller: Principal,
    kind: ObjectKind,
    id: string,
    patch: ObjectPatch,
    seen?: number,
  ): Promise<ObjectRow> {
    const { object, seat } = await this.reader.lock(tx, caller, kind, id);
    assertSeen(object.version, seen);
    if (seat.role !== 'gm') assertMayPatch(caller, object, patch);
    const content: ObjectContent = {
      name: patch.name ?? object.name,
      summary: patch.summary === undefined ? object.summary : cleanHtml(patch.summary),
      body: patch.body === undefined ? object.body : cleanHtml(patch.body),
      details: patch.details ?? object.details,
      tags: [...(patch.tags ?? object.tags)],
      aliases: [...(patch.aliases ?? object.aliases)],
      visibility: patch.visibility ?? object.visibility,
      shownTo: [...(patch.shownTo ?? object.shownTo)],
      ownerId: patch.ownerId === undefined ? object.ownerId : patch.ownerId,
      parentId: patch.parentId === undefined ? object.parentId : patch.parentId,
    };
    await this.assertSound(tx, seat, content, patch);
    const config = TEXT_CONFIGURATION[seat.campaign.language];
    const after = await this.objects.updateObject(tx, id, object.version, content, config);
    if (after === null) throw roleTooLow('gm'); // locked and seen, and yet not to be written
    await this.changes.record(tx, caller, {
      campaignId: seat.campaignId,
      objectId: id,
      kind,
      action: 'changed',
      before: differing(object, { ...after, parentId: content.parentId }),
      after: differing({ ...after, parentId: content.parentId }, object),
    });
    return after;
  }

  /** By masters, and by a character's player. It can be restored for 30 days. @throws DomainError unknown object, stale, the role is too low */
  async remove(tx: Tx, caller: Principal, kind: ObjectKind, id: string, seen?: number): Promise<void> {
    const { object, seat } = await this.reader.lock(tx, caller, kind, id);
    assertSeen(object.version, seen);
    if (object.ownerId !== caller.id) assertRole(seat, 'gm');
    if (!(await this.objects.updateDeleted(tx, id, object.version, new Date())))
      throw staleObject(object.version);
    await this.changes.record(tx, caller, {
      campaignId: seat.campaignId,
      objectId: id,
      kind,
      action: 'deleted',
      before: shown({ ...object, parentId: null }),
    });
  }

  /** Of all kinds that the filter names, by name. */
  list(
    tx: Tx,
    seat: Seat,
    filter: ObjectFilter,
    after: readonly [name: string, id: string] | null,
    limit: number,
  ): Promise<ObjectRow[]> {
    return tx.query<ObjectRow>(this.objects.listPage(seat.campaignId, filter, after, limit));
  }

  private contentOf(seat: Seat, draft: ObjectDraft): ObjectContent {
    const isMaster = seat.role === 'gm';
    if (!isMaster) {
      assertRole(seat, 'player');
      if (!PLAYERS_MAKE.includes(draft.kind) || (draft.ownerId ?? seat.userId) !== seat.userId)
        throw roleTooLow('gm');
    }
    return {
      name: draft.name,
      summary: cleanHtml(draft.summary ?? ''),
      body: cleanHtml(draft.body ?? ''),
      details: draft.details,
      tags: [...(draft.tags ?? [])],
      aliases: [...(draft.aliases ?? [])],
      visibility: draft.visibility ?? (isMaster ? 'gm' : 'party'),
      shownTo: [...(draft.shownTo ?? [])],
      ownerId: isMaster ? (draft.ownerId ?? null) : seat.userId,
      parentId: draft.parentId ?? null,
    };
  }

  /** @param patch what of it is new; without it all is */
  private async assertSound(
    tx: Tx,
    seat: Seat,
    content: ObjectContent,
    patch: ObjectPatch = content,
  ): Promise<void> {
    const { shownTo, ownerId, parentId } = content;
    const isNamed = async (ids: readonly string[]): Promise<boolean> =>
      ids.length === 0 || (await this.members.areMembers(tx, seat.campaignId, ids));
    if (patch.shownTo !== undefined && !(await isNamed(shownTo))) throw notAMember('/shownTo');
    if (patch.ownerId != null && ownerId !== null && !(await isNamed([ownerId])))
      throw notAMember('/ownerId');
    if (patch.parentId == null || parentId === null) return;
    const known = isUuid(parentId) ? await this.objects.listKnown(tx, seat.campaignId, [parentId]) : [];
    if (known.length === 0) throw invalidParent();
  }

  /** An object that the client made before is its answer; another one's id, or somebody else's that a player sees, is nobody's business. */
  private async findTaken(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    kind: ObjectKind,
    id: string,
  ): Promise<ObjectRow> {
    const found = await this.reader.find(tx, caller, [kind], id).catch(() => undefined);
    if (found?.object.campaignId !== seat.campaignId) throw objectIdTaken();
    if (seat.role !== 'gm' && found.object.ownerId !== caller.id) throw objectIdTaken();
    return found.object;
  }
}

/** Whoever has a character or a leave to write changes what it says; who else sees it is its player's and the masters' matter. */
function assertMayPatch(caller: Principal, object: ObjectRow, patch: ObjectPatch): void {
  // Whatever is asked for: that it is so already would tell of what is hidden around it.
  const isMoved =
    patch.parentId !== undefined || (patch.ownerId !== undefined && patch.ownerId !== object.ownerId);
  const isShown = patch.visibility !== undefined || patch.shownTo !== undefined;
  if (isMoved || (isShown && object.ownerId !== caller.id)) throw roleTooLow('gm');
}

const CONTENT = [
  'name',
  'summary',
  'body',
  'details',
  'tags',
  'aliases',
  'visibility',
  'shownTo',
  'ownerId',
  'parentId',
] as const satisfies readonly (keyof ObjectContent)[];

function shown(content: ObjectContent): object {
  return Object.fromEntries(CONTENT.map((key) => [key, content[key]]));
}

/** What of `one` is not so in `other`. */
function differing(one: ObjectContent, other: ObjectContent): object {
  return Object.fromEntries(
    CONTENT.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).map((key) => [
      key,
      one[key],
    ]),
  );
}
