import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { CampaignObjects, type FoundObject } from '../objects/campaign-objects.service.js';
import {
  assertSeen,
  invalidTransfer,
  roleTooLow,
  staleObject,
  tooMany,
  unknownEntry,
} from '../tabletop.errors.js';
import type {
  InventoryChangeDto,
  InventoryEntryDto,
  InventoryTransferDto,
  InventoryTransferredDto,
  NewInventoryEntryDto,
} from './inventory.dto.js';
import { toInventoryEntryDto } from './inventory.mapper.js';
import { InventoryRepository, type InventoryRow } from './inventory.repository.js';

/** Things of one character. */
export const MOST_ENTRIES = 2_000;

/** What characters carry: written by masters and the character's player, seen with how the character is played. */
@Injectable()
export class Inventory {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly objects: CampaignObjects,
    private readonly entries: InventoryRepository,
    private readonly changes: CampaignChanges,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** In the order in which it came. @throws DomainError unknown object */
  list(
    caller: Principal,
    characterId: string,
    after: string | null,
    limit: number,
  ): Promise<Page<InventoryEntryDto>> {
    return this.uow.run(caller, async (tx) => {
      const { object } = await this.objects.find(tx, caller, 'character', characterId);
      const rows = await tx.query<InventoryRow>(
        this.entries.listOf(object.campaignId, object.id, after, limit + 1),
      );
      return toPage(rows, limit, ({ id }) => [id], toInventoryEntryDto);
    });
  }

  /** @throws DomainError unknown object, as the item too; somebody else's character; as much as there may be */
  add(
    caller: Principal,
    characterId: string,
    wish: NewInventoryEntryDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<InventoryEntryDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const { object } = await this.writable(tx, caller, characterId);
        const item =
          wish.itemId === undefined
            ? null
            : (await this.objects.find(tx, caller, 'item', wish.itemId)).object;
        if (item !== null && item.campaignId !== object.campaignId) throw unknownEntry();
        assertRoom(await this.entries.countOf(tx, object.id));
        const id = uuidv7();
        const { name, quantity = 1, isEquipped = false, weightLb = null, valueCp = null, notes = '' } = wish;
        const content = {
          name,
          quantity,
          isEquipped,
          weightLb,
          valueCp: wordOf(valueCp),
          notes: cleanHtml(notes),
          itemId: item?.id ?? null,
        };
        await this.entries.insertEntry(tx, {
          ...content,
          id,
          campaignId: object.campaignId,
          characterId: object.id,
        });
        await this.record(tx, caller, object, 'added', { after: { id, name, quantity } });
        return toInventoryEntryDto((await this.entries.findEntry(tx, id))!);
      }),
    );
  }

  /** @throws DomainError unknown entry, stale, somebody else's character */
  change(
    caller: Principal,
    id: string,
    wish: InventoryChangeDto,
    seen: number | undefined,
  ): Promise<InventoryEntryDto> {
    return this.uow.run(caller, async (tx) => {
      const { entry, object } = await this.find(tx, caller, id);
      assertSeen(entry.version, seen);
      const content = {
        name: wish.name ?? entry.name,
        quantity: wish.quantity ?? entry.quantity,
        isEquipped: wish.isEquipped ?? entry.isEquipped,
        weightLb: wish.weightLb === undefined ? entry.weightLb : wish.weightLb,
        valueCp: wish.valueCp === undefined ? entry.valueCp : wordOf(wish.valueCp),
        notes: wish.notes === undefined ? entry.notes : cleanHtml(wish.notes),
      };
      if (!(await this.entries.updateEntry(tx, entry.id, entry.version, content)))
        throw staleObject(entry.version + 1);
      await this.record(tx, caller, object, 'changed', {
        before: shown(entry),
        after: shown({ ...entry, ...content }),
      });
      return toInventoryEntryDto((await this.entries.findEntry(tx, entry.id))!);
    });
  }

  /** @throws DomainError unknown entry, stale, somebody else's character */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const { entry, object } = await this.find(tx, caller, id);
      assertSeen(entry.version, seen);
      if (!(await this.entries.deleteEntry(tx, entry.id, entry.version)))
        throw staleObject(entry.version + 1);
      await this.record(tx, caller, object, 'removed', { before: shown(entry) });
    });
  }

  /**
   * To any character of the campaign that the giver sees: all of an entry, or some. It is here or there, never both and never neither.
   * Whoever takes it may carry things that are hidden from the giver; they count, and of them no more is told than that there is no room.
   * @throws DomainError unknown object or entry; somebody else's character; more than there is; to the same one; as much as there may be
   */
  async transfer(
    caller: Principal,
    characterId: string,
    { entryId, toId, quantity }: InventoryTransferDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<InventoryTransferredDto>> {
    const carried = await this.countAll(toId);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 200, async () => {
        const { entry, object: giver } = await this.find(tx, caller, entryId);
        if (giver.id !== characterId.toLowerCase()) throw unknownEntry();
        const { object: taker } = await this.objects.find(tx, caller, 'character', toId);
        if (taker.campaignId !== giver.campaignId) throw unknownEntry();
        if (taker.id === giver.id) throw invalidTransfer('/toId', 'has it already');
        const count = quantity ?? entry.quantity;
        if (count > entry.quantity)
          throw invalidTransfer('/quantity', `is more than the ${entry.quantity} that there are`);
        assertRoom(carried);
        const handedId = await this.hand(tx, caller, entry, taker.id, count);
        await this.record(tx, caller, giver, 'handed-over', {
          after: { entryId: entry.id, name: entry.name, count, toId: taker.id },
        });
        const kept = count === entry.quantity ? null : await this.entries.findEntry(tx, entry.id);
        const handed = (await this.entries.findEntry(tx, handedId))!;
        return { kept: kept && toInventoryEntryDto(kept), handed: toInventoryEntryDto(handed) };
      }),
    );
  }

  /** What the caller does not see, too. Not to be told. */
  private countAll(characterId: string): Promise<number> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.entries.countOf(tx, characterId));
  }

  private async hand(
    tx: Tx,
    caller: Principal,
    entry: InventoryRow,
    takerId: string,
    count: number,
  ): Promise<string> {
    const isAll = count === entry.quantity;
    const isDone = isAll
      ? await this.entries.updateCarrier(tx, entry.id, entry.version, takerId, caller.id)
      : await this.entries.updateEntry(tx, entry.id, entry.version, {
          ...entry,
          quantity: entry.quantity - count,
        });
    if (!isDone) throw staleObject(entry.version + 1);
    if (isAll) return entry.id;
    const id = uuidv7();
    await this.entries.insertEntry(
      tx,
      { ...entry, id, characterId: takerId, quantity: count, isEquipped: false },
      caller.id,
    );
    return id;
  }

  private async find(tx: Tx, caller: Principal, id: string): Promise<FoundObject & { entry: InventoryRow }> {
    const entry = isUuid(id) ? await this.entries.findEntry(tx, id) : null;
    if (entry === null) throw unknownEntry();
    return { ...(await this.writable(tx, caller, entry.characterId)), entry };
  }

  private async writable(tx: Tx, caller: Principal, characterId: string): Promise<FoundObject> {
    const found = await this.objects.find(tx, caller, 'character', characterId);
    assertRole(found.seat, 'player');
    if (found.seat.role !== 'gm' && found.object.ownerId !== caller.id) throw roleTooLow('gm');
    return found;
  }

  private record(
    tx: Tx,
    caller: Principal,
    { id, campaignId }: FoundObject['object'],
    action: string,
    states: { before?: object; after?: object },
  ): Promise<void> {
    return this.changes.record(tx, caller, {
      campaignId,
      objectId: id,
      kind: 'inventory',
      action,
      ...states,
    });
  }
}

function assertRoom(carried: number): void {
  if (carried >= MOST_ENTRIES) throw tooMany(MOST_ENTRIES, 'things of a character');
}

/** As PostgreSQL's wide integers travel. */
function wordOf(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** For the log. */
function shown({
  id,
  name,
  quantity,
  isEquipped,
}: Pick<InventoryRow, 'id' | 'name' | 'quantity' | 'isEquipped'>): object {
  return { id, name, quantity, isEquipped };
}
