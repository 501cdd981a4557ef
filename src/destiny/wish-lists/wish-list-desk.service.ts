import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import {
  assertSeen,
  invalidDestinyQuery,
  tooManyWishes,
  tooManyWishLists,
  unknownWishList,
  wishListEmpty,
  wishListsBusy,
  wishListTooLong,
} from '../destiny.errors.js';
import { MOST_ROLLS } from './wish-list.js';
import { countRollLines, readBody, readRolls } from './wish-list-body.reader.js';
import { WishListParser } from './wish-list.parser.js';
import type { WishListDto, WishListsDto } from './wish-lists.dto.js';
import { toWishListDto } from './wish-lists.mapper.js';
import { type WishListHead, type WishListRow, WishListsRepository } from './wish-lists.repository.js';

export const MOST_LISTS = 20;
/** Of all lists of an account; a roll takes some 250 bytes. */
export const MOST_ROLLS_IN_ALL = 1_000_000;
/** Bodies that a process holds at once, at most ten megabytes each. */
const MOST_BODIES = 8;
const UNTITLED = 'Wish list';

/**
 * Takes in an account's wish lists. A body is read to its end first and then stored in one transaction, portion by portion: a list is there
 * as a whole or not at all, and what it replaces is there until then.
 */
@Injectable()
export class WishListDesk {
  private bodyCount = 0;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly lists: WishListsRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @param request its digest is made here, of the body and the title @throws DomainError that says why the list is not taken */
  create(
    caller: Principal,
    title: string | undefined,
    source: Readable,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<WishListDto>> {
    return this.withBody(source, (bytes) => {
      const bodyDigest = createHash('sha256')
        .update(JSON.stringify(title ?? null))
        .update(bytes)
        .digest();
      return this.uow.run(caller, (tx) =>
        this.idempotency.once(tx, caller, request && { ...request, bodyDigest }, 201, async () => {
          const room = await this.roomOf(tx, caller.id);
          if (room.listCount >= MOST_LISTS) throw tooManyWishLists(MOST_LISTS);
          const id = uuidv7();
          const row = { id, userId: caller.id, title: UNTITLED, sizeBytes: bytes.length };
          await this.lists.insertList(tx, row);
          const head = await this.store(tx, caller.id, id, bytes, room.rollsLeft);
          await this.lists.updateHead(tx, id, { ...head, title: title ?? head.title ?? UNTITLED }, 1);
          return this.show(tx, caller, 'created', id);
        }),
      );
    });
  }

  /** The list's rolls are those of the body from here on. @param version by If-Match */
  async replace(
    caller: Principal,
    id: string,
    title: string | undefined,
    source: Readable,
    version: number | undefined,
  ): Promise<WishListDto> {
    await this.find(caller, id);
    return this.withBody(source, (bytes) =>
      this.uow.run(caller, async (tx) => {
        const room = await this.roomOf(tx, caller.id);
        const before = known(await this.lists.lockList(tx, id));
        assertSeen(version, before.version, 'list');
        await this.lists.deleteRolls(tx, caller.id, id);
        const head = await this.store(tx, caller.id, id, bytes, room.rollsLeft + before.rollCount);
        const named = { ...head, title: title ?? head.title ?? before.title };
        await this.lists.updateHead(tx, id, named, before.version + 1);
        return this.show(tx, caller, 'replaced', id, before);
      }),
    );
  }

  async list(caller: Principal, query: PageQueryDto): Promise<WishListsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) throw invalidDestinyQuery('cursor', 'was not made by this list');
    const rows = await this.uow.run(caller, (tx) => this.lists.listPage(tx, before, query.limit + 1));
    return toPage(rows, query.limit, ({ id }) => [id], toWishListDto);
  }

  async find(caller: Principal, id: string): Promise<WishListDto> {
    const row = isUuid(id) ? await this.uow.run(caller, (tx) => this.lists.findList(tx, id)) : null;
    return toWishListDto(known(row));
  }

  async delete(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = known(isUuid(id) ? await this.lists.lockList(tx, id) : null);
      await this.lists.deleteList(tx, id);
      await this.audit.record(tx, caller, listEvent('deleted', id, { before: shown(before) }));
    });
  }

  /** While it works on one body, so many others at most are held beside it. */
  private async withBody<T>(source: Readable, work: (bytes: Buffer) => Promise<T>): Promise<T> {
    if (this.bodyCount >= MOST_BODIES) {
      source.resume();
      throw wishListsBusy();
    }
    this.bodyCount += 1;
    try {
      return await work(await readBody(source));
    } finally {
      this.bodyCount -= 1;
    }
  }

  private async roomOf(tx: Tx, userId: string): Promise<{ listCount: number; rollsLeft: number }> {
    const { listCount, rollCount } = await this.lists.lockRoom(tx, userId);
    return { listCount, rollsLeft: MOST_ROLLS_IN_ALL - rollCount };
  }

  private async store(
    tx: Tx,
    userId: string,
    listId: string,
    bytes: Buffer,
    rollsLeft: number,
  ): Promise<Omit<WishListHead, 'title'> & { title: string | null }> {
    if (countRollLines(bytes) > MOST_ROLLS) throw wishListTooLong(MOST_ROLLS);
    const parser = new WishListParser();
    let [position, notePosition] = [0, 0];
    for await (const rolls of readRolls(bytes, parser)) {
      if (position + rolls.length > MOST_ROLLS) throw wishListTooLong(MOST_ROLLS);
      if (position + rolls.length > rollsLeft) throw tooManyWishes(MOST_ROLLS_IN_ALL);
      notePosition = await this.lists.insertRolls(tx, userId, listId, { position, rolls, notePosition });
      position += rolls.length;
    }
    const { title, description, faultCount, faults } = parser;
    if (position === 0) throw wishListEmpty(faults);
    return { title, description, sizeBytes: bytes.length, rollCount: position, faultCount, faults };
  }

  private async show(
    tx: Tx,
    caller: Principal,
    what: 'created' | 'replaced',
    id: string,
    before?: WishListRow,
  ): Promise<WishListDto> {
    const after = known(await this.lists.findList(tx, id));
    const change = { ...(before && { before: shown(before) }), after: shown(after) };
    await this.audit.record(tx, caller, listEvent(what, id, change));
    return toWishListDto(after);
  }
}

function known(row: WishListRow | null): WishListRow {
  if (row === null) throw unknownWishList();
  return row;
}

function shown({ title, sizeBytes, rollCount, faultCount, version }: WishListRow): object {
  return { title, sizeBytes, rollCount, faultCount, version };
}

function listEvent(
  what: 'created' | 'replaced' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `destiny.wish-list-${what}`, object: { type: 'destiny.wish-list', id }, ...change };
}
